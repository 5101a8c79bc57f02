// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/bpf.h>

#include <cstdint>
#include <vector>

#include "tools/util/checked.h"

// BPF programs of a few instructions. Constants for registers: R0 is the result, R1 the context,
// R10 the frame pointer.
namespace xpoll::bpf {

constexpr bpf_insn kExit{
    .code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0};

constexpr bpf_insn operate(std::uint8_t code, int reg, int value) {
  return {.code = static_cast<std::uint8_t>(BPF_ALU64 | BPF_K | code),
          .dst_reg = static_cast<std::uint8_t>(reg & 0xf),
          .src_reg = 0,
          .off = 0,
          .imm = value};
}
constexpr bpf_insn set_register(int reg, int value) { return operate(BPF_MOV, reg, value); }
constexpr bpf_insn add(int reg, int value) { return operate(BPF_ADD, reg, value); }
constexpr bpf_insn copy(int to, int from) {
  return {.code = BPF_ALU64 | BPF_X | BPF_MOV,
          .dst_reg = static_cast<std::uint8_t>(to & 0xf),
          .src_reg = static_cast<std::uint8_t>(from & 0xf),
          .off = 0,
          .imm = 0};
}
constexpr bpf_insn load(std::uint8_t size, int to, int from, int offset) {
  return {.code = static_cast<std::uint8_t>(BPF_LDX | BPF_MEM | size),
          .dst_reg = static_cast<std::uint8_t>(to & 0xf),
          .src_reg = static_cast<std::uint8_t>(from & 0xf),
          .off = static_cast<std::int16_t>(offset),
          .imm = 0};
}
constexpr bpf_insn call(int helper) {
  return {.code = BPF_JMP | BPF_CALL, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = helper};
}

using Program = std::vector<bpf_insn>;

// Whether this kernel can load the program.
bool allows(const Program& program);
unique_fd load_program(const Program& program, bpf_prog_type type = BPF_PROG_TYPE_RAW_TRACEPOINT);
// A program for raw tracepoints that may sleep; invalid, with errno, if the kernel has none.
unique_fd load_sleepable(const Program& program);
// A program that always chooses the candidate with this index.
unique_fd load_constant(int index);

// The kernel's id of the program.
std::uint32_t number_of(const unique_fd& program);
// Whether a program with this id is still loaded.
bool is_loaded(std::uint32_t number);

}  // namespace xpoll::bpf
