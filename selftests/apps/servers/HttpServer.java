// SPDX-License-Identifier: GPL-2.0-only
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Serves the files of a directory over HTTP with a selector: HttpServer PORT DIRECTORY */
public class HttpServer {
  private final Path directory;

  HttpServer(Path directory) {
    this.directory = directory;
  }

  /** One request, then its response, then the next. */
  private class Connection {
    private final SocketChannel channel;
    private final StringBuilder request = new StringBuilder();
    private ByteBuffer[] response;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }

    void proceed(SelectionKey key) throws IOException {
      if (key.isReadable() && !read()) {
        channel.close();
        return;
      }
      if (response != null) write();
      key.interestOps(response == null ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
    }

    /** False at the end of the connection. */
    private boolean read() throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(4096);
      if (channel.read(bytes) < 0) return false;
      for (bytes.flip(); bytes.hasRemaining(); ) request.append((char) bytes.get());
      if (request.indexOf("\r\n\r\n") >= 0) {
        response = answer(request.toString().split(" ")[1]);
        request.setLength(0);
      }
      return true;
    }

    private void write() throws IOException {
      channel.write(response);
      if (!response[1].hasRemaining() && !response[0].hasRemaining()) response = null;
    }
  }

  private ByteBuffer[] answer(String path) throws IOException {
    Path file = directory.resolve(path.substring(1));
    boolean found = Files.isRegularFile(file);
    byte[] content = found ? Files.readAllBytes(file) : new byte[0];
    String status = found ? "200 OK" : "404 Not Found";
    String header = "HTTP/1.1 " + status + "\r\nContent-Length: " + content.length + "\r\n\r\n";
    return new ByteBuffer[] {ByteBuffer.wrap(header.getBytes()), ByteBuffer.wrap(content)};
  }

  void serve(int port) throws IOException {
    Selector selector = Selector.open();
    ServerSocketChannel listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress("127.0.0.1", port));
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    while (true) {
      selector.select();
      for (SelectionKey key : selector.selectedKeys()) {
        if (key.isAcceptable()) accept(selector, listener);
        else ((Connection) key.attachment()).proceed(key);
      }
      selector.selectedKeys().clear();
    }
  }

  private void accept(Selector selector, ServerSocketChannel listener) throws IOException {
    SocketChannel channel = listener.accept();
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
  }

  public static void main(String[] arguments) throws IOException {
    new HttpServer(Path.of(arguments[1])).serve(Integer.parseInt(arguments[0]));
  }
}
