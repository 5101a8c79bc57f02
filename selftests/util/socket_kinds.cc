// SPDX-License-Identifier: GPL-2.0-only
#include "socket_kinds.h"

#include <linux/if_alg.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/nfc.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <iterator>

namespace xpoll::test {
namespace {

struct Socket {
  const char* name;
  int family;
  int type;
  int protocol;
};

// From <bluetooth/bluetooth.h> and <linux/pfkeyv2.h>, which are not always installed.
constexpr int kBluetoothL2cap = 0;
constexpr int kPfKeyV2 = 2;

const Socket kSockets[] = {
    {"UnixStream", AF_UNIX, SOCK_STREAM, 0},
    {"UnixDatagram", AF_UNIX, SOCK_DGRAM, 0},
    {"UnixSeqpacket", AF_UNIX, SOCK_SEQPACKET, 0},
    {"Tcp", AF_INET, SOCK_STREAM, 0},
    {"Tcp6", AF_INET6, SOCK_STREAM, 0},
    {"Mptcp", AF_INET, SOCK_STREAM, IPPROTO_MPTCP},
    {"Sctp", AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP},
    {"Udp", AF_INET, SOCK_DGRAM, 0},
    {"Udp6", AF_INET6, SOCK_DGRAM, 0},
    {"Udplite", AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE},
    {"Raw", AF_INET, SOCK_RAW, IPPROTO_ICMP},
    {"Raw6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6},
    {"Netlink", AF_NETLINK, SOCK_RAW, NETLINK_ROUTE},
    {"NetlinkUevents", AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT},
    {"NetlinkGeneric", AF_NETLINK, SOCK_RAW, NETLINK_GENERIC},
    {"Packet", AF_PACKET, SOCK_RAW, 0},
    {"PacketDatagram", AF_PACKET, SOCK_DGRAM, 0},
    {"Vsock", AF_VSOCK, SOCK_STREAM, 0},
    {"VsockDatagram", AF_VSOCK, SOCK_DGRAM, 0},
    {"Alg", AF_ALG, SOCK_SEQPACKET, 0},
    {"Xdp", AF_XDP, SOCK_RAW, 0},
    {"Key", AF_KEY, SOCK_RAW, kPfKeyV2},
    {"NfcRaw", AF_NFC, SOCK_SEQPACKET, NFC_SOCKPROTO_RAW},
    {"NfcLlcp", AF_NFC, SOCK_STREAM, NFC_SOCKPROTO_LLCP},
    {"Bluetooth", AF_BLUETOOTH, SOCK_SEQPACKET, kBluetoothL2cap},
    {"Can", AF_CAN, SOCK_RAW, 1},
    {"Kcm", AF_KCM, SOCK_SEQPACKET, 0},
    {"Tipc", AF_TIPC, SOCK_SEQPACKET, 0},
    {"Smc", AF_SMC, SOCK_STREAM, 0},
    {"Qipcrtr", AF_QIPCRTR, SOCK_DGRAM, 0},
    {"Pppox", AF_PPPOX, SOCK_STREAM, 0},
    {"Llc", AF_LLC, SOCK_STREAM, 0},
};

DescriptorKind kind_of(const Socket& socket) {
  return {socket.name, [socket] {
            return unique_fd(::socket(socket.family, socket.type | SOCK_CLOEXEC, socket.protocol));
          }};
}

// The socket for the data, once the algorithm is chosen.
unique_fd alg_operation() {
  const unique_fd chosen(socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  sockaddr_alg address{};
  address.salg_family = AF_ALG;
  std::memcpy(address.salg_type, "hash", sizeof("hash"));
  std::memcpy(address.salg_name, "sha256", sizeof("sha256"));
  if (bind(chosen.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    return unique_fd();
  return unique_fd(accept4(chosen.get(), nullptr, nullptr, SOCK_CLOEXEC));
}

unique_fd tcp_listening() {
  unique_fd listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return listen(listener.get(), 1) == 0 ? std::move(listener) : unique_fd();
}

}  // namespace

std::vector<DescriptorKind> socket_kinds() {
  std::vector<DescriptorKind> kinds{{"TcpListening", tcp_listening},
                                    {"AlgOperation", alg_operation}};
  for (const Socket& socket : kSockets) kinds.push_back(kind_of(socket));
  return kinds;
}

}  // namespace xpoll::test
