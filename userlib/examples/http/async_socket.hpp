// SPDX-License-Identifier: MIT
// C++20 coroutines on a ring_loop: what a coroutine may wait for, and what owns it.
#ifndef EXAMPLES_HTTP_ASYNC_SOCKET_HPP
#define EXAMPLES_HTTP_ASYNC_SOCKET_HPP

#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <xpoll/unique_fd.hpp>

#include "edge_socket.hpp"
#include "ring_loop.hpp"

namespace example {

/// The coroutines that have not ended. Its destructor destroys them where they wait.
class coroutines final {
 public:
  coroutines() = default;
  coroutines(const coroutines&) = delete;
  coroutines& operator=(const coroutines&) = delete;
  ~coroutines() {
    for_room_ = {};
    while (!alive_.empty()) std::coroutine_handle<>::from_address(*alive_.begin()).destroy();
  }

  void add(std::coroutine_handle<> started) { alive_.insert(started.address()); }
  void remove(std::coroutine_handle<> ended) {
    alive_.erase(ended.address());
    if (for_room_ && alive_.size() <= most_) std::exchange(for_room_, {}).resume();
  }

  /// For one coroutine: waits until there are at most that many.
  auto at_most(std::size_t most) {
    struct awaitable {
      [[nodiscard]] bool await_ready() const { return owner.alive_.size() <= owner.most_; }
      void await_suspend(std::coroutine_handle<> waiter) const { owner.for_room_ = waiter; }
      void await_resume() const {}
      coroutines& owner;
    };
    most_ = most;
    return awaitable{*this};
  }

 private:
  std::unordered_set<void*> alive_;
  std::size_t most_ = 0;
  std::coroutine_handle<> for_room_;
};

/// What a coroutine returns that runs by itself, from its call on. Its first parameter is the
/// coroutines that it belongs to.
struct task {
  class promise_type {
   public:
    template <class... Arguments>
    explicit promise_type(coroutines& owner, const Arguments&...) : owner_(owner) {
      owner_.add(handle());
    }
    promise_type(const promise_type&) = delete;
    promise_type& operator=(const promise_type&) = delete;
    ~promise_type() { owner_.remove(handle()); }

    task get_return_object() const { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const {}
    /// Out of ring_loop::turn(), or of the call that started the coroutine.
    void unhandled_exception() const { throw; }

   private:
    std::coroutine_handle<> handle() {
      return std::coroutine_handle<promise_type>::from_promise(*this);
    }
    coroutines& owner_;
  };
};

/// A socket whose operations a coroutine awaits, one at a time:
///
///     const std::size_t length = co_await socket.read(room);
///
/// Their results are those of edge_socket.
class async_socket final : public edge_socket {
 public:
  using edge_socket::edge_socket;

  auto read(std::span<char> room) {
    return operation(*this, [this, room] { return edge_socket::read(room); });
  }
  auto write(std::string_view bytes) {
    return operation(*this, [this, bytes] { return edge_socket::write(bytes); });
  }
  auto accept() {
    return operation(*this, [this] { return edge_socket::accept(); });
  }

 private:
  class awaited {
   public:
    awaited() = default;
    awaited(const awaited&) = delete;
    awaited& operator=(const awaited&) = delete;
    virtual ~awaited() = default;
    virtual bool attempt() = 0;
    std::coroutine_handle<> waiter;
  };

  template <class Attempt>
  class operation final : public awaited {
   public:
    operation(async_socket& socket, Attempt make) : socket_(socket), make_(std::move(make)) {}

    bool attempt() override { return (result_ = make_()).has_value(); }

    bool await_ready() { return attempt(); }
    void await_suspend(std::coroutine_handle<> waiter) {
      this->waiter = waiter;
      socket_.awaited_ = this;
    }
    auto await_resume() { return std::move(*result_); }

   private:
    async_socket& socket_;
    Attempt make_;
    decltype(std::declval<Attempt>()()) result_;
  };

  /// After an event. The coroutine goes on only if it has what it waits for; the socket may be gone
  /// when it waits again.
  void advance() override {
    if (awaited_ && awaited_->attempt()) std::exchange(awaited_, nullptr)->waiter.resume();
  }

  awaited* awaited_ = nullptr;
};

}  // namespace example

#endif  // EXAMPLES_HTTP_ASYNC_SOCKET_HPP
