// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/assembler.h"

#include <fmt/format.h>

#include <cstring>
#include <stdexcept>
#include <utility>

namespace probes::path {
namespace {

std::optional<Mark> mark_of(const path_mark& mark) {
  if (mark.ns == 0) return std::nullopt;
  return Mark{mark.ns, mark.tid, mark.cpu};
}

Event event_of(const path_event& record) {
  Event event;
  event.kind = static_cast<Kind>(record.kind);
  for (std::size_t i = 0; i < std::size(record.marks); ++i)
    event.marks[i] = mark_of(record.marks[i]);
  event.instance = record.instance;
  if (record.fd >= 0) event.fd = record.fd;
  event.packets = record.packets;
  event.mask = record.mask;
  event.tid = record.tid;
  event.tgid = record.tgid;
  event.comm.assign(record.comm, strnlen(record.comm, sizeof(record.comm)));
  event.local_port = record.local_port;
  event.remote_port = record.remote_port;
  if (record.asleep_ns != 0) event.asleep_ns = record.asleep_ns;
  event.woken = mark_of(record.woken);
  return event;
}

template <typename T>
T copy_of(std::span<const std::byte> record) {
  if (record.size() < sizeof(T))
    throw std::runtime_error(fmt::format("a record of {} bytes is too short", record.size()));
  T copy{};
  std::memcpy(&copy, record.data(), sizeof(copy));
  return copy;
}

}  // namespace

Assembler::Assembler(std::function<void(const Event&)> take) : take_(std::move(take)) {}

void Assembler::add(std::span<const std::byte> record) {
  switch (copy_of<std::uint32_t>(record)) {
    case PATH_RECORD_EVENT:
      return add_event(copy_of<path_event>(record));
    case PATH_RECORD_RETURN:
      return add_return(copy_of<path_return>(record));
  }
  throw std::runtime_error("a record of unknown type");
}

void Assembler::add_event(const path_event& record) {
  delivered_[record.tid].push_back(event_of(record));
}

void Assembler::add_return(const path_return& record) {
  std::vector<Event> events = std::move(delivered_[record.tid]);
  delivered_.erase(record.tid);
  if (events.size() < record.events)
    throw std::runtime_error("a return with more events than were recorded");
  // Earlier events belong to a return that was lost.
  incomplete_ += events.size() - record.events;
  // A failed wait delivers nothing, although it polled the items.
  if (record.ret <= 0) {
    incomplete_ += record.events;
    return;
  }
  for (auto event = events.end() - record.events; event != events.end(); ++event)
    hand_over(*event, record);
}

void Assembler::end() {
  for (const auto& [task, events] : delivered_) incomplete_ += events.size();
  delivered_.clear();
}

void Assembler::hand_over(Event& event, const path_return& record) {
  event.marks[index_of(Stage::returned)] = mark_of(record.mark);
  event.batch = record.ret;
  if (event.complete())
    take_(event);
  else
    ++incomplete_;
}

}  // namespace probes::path
