%% SPDX-License-Identifier: GPL-2.0-only
%% Serves the files of a directory over HTTP with gen_tcp: erl -run http_server main PORT DIRECTORY
-module(http_server).
-export([main/1]).

main([Port, Directory]) ->
    {ok, Listener} = gen_tcp:listen(list_to_integer(Port),
                                    [binary, {ip, {127, 0, 0, 1}}, {packet, http_bin}, {active, false},
                                     {reuseaddr, true}]),
    Acceptor = spawn(fun() -> receive go -> accept(Listener, Directory) end end),
    hand_over(Listener, Acceptor).

%% A port belongs to one process, and is closed when that ends.
hand_over(Socket, Process) ->
    ok = gen_tcp:controlling_process(Socket, Process),
    Process ! go.

accept(Listener, Directory) ->
    {ok, Socket} = gen_tcp:accept(Listener),
    hand_over(Socket, spawn(fun() -> receive go -> serve(Socket, Directory) end end)),
    accept(Listener, Directory).

serve(Socket, Directory) ->
    case next(Socket) of
        {http_request, 'GET', {abs_path, Path}, _Version} ->
            skip_headers(Socket),
            ok = gen_tcp:send(Socket, response(filename:join(Directory, filename:basename(Path)))),
            serve(Socket, Directory);
        closed ->
            ok
    end.

skip_headers(Socket) ->
    case next(Socket) of
        {http_header, _, _, _, _} -> skip_headers(Socket);
        http_eoh -> ok
    end.

next(Socket) ->
    ok = inet:setopts(Socket, [{active, once}]),
    receive
        {http, Socket, Packet} -> Packet;
        {tcp_closed, Socket} -> closed
    end.

response(File) ->
    case file:read_file(File) of
        {ok, Content} -> [head(<<"200 OK">>, Content), Content];
        {error, enoent} -> head(<<"404 Not Found">>, <<>>)
    end.

head(Status, Content) ->
    io_lib:format("HTTP/1.1 ~s\r\nContent-Length: ~b\r\n\r\n", [Status, byte_size(Content)]).
