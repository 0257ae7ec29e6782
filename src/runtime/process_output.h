// Standard output or error of a Node process: read without ever making the writer wait, logged
// within a budget, its end kept for the reason a call is given when the process is lost. What is
// over the budget is thrown away.
//
// Threads: the engine loop.
// Ownership: shared; a pending read keeps it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "base/process.h"

namespace patchbay::runtime {

class ProcessOutput : public std::enable_shared_from_this<ProcessOutput> {
 public:
  ProcessOutput(boost::asio::io_context& context, base::Descriptor pipe, std::string name);
  void start();
  // Reads what is there now; for the end of the process.
  void drain();
  void close();
  std::uint64_t bytes() const { return bytes_; }
  // One of its lines was about lack of memory.
  bool saidOutOfMemory() const { return saidOutOfMemory_; }
  // The last `most` lines.
  std::string lastLines(std::size_t most) const;

 private:
  void wait();
  bool readSome();
  void take(std::string_view part);
  void endLine();

  boost::asio::posix::stream_descriptor pipe_;
  std::string name_;
  std::uint64_t bytes_ = 0;
  std::string line_;               // unfinished, clipped
  std::deque<std::string> lines_;  // the last ones
  std::uint64_t loggedLines_ = 0;
  bool saidOutOfMemory_ = false;
};

}  // namespace patchbay::runtime
