// The channel to a plugin host for tests: a shell in place of Node passes lines on.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "base/asio_executor.h"
#include "base/process.h"
#include "base/json.h"

namespace patchbay::plugins {

// The other end of the channel, line by line.
class Wire {
 public:
  static constexpr base::Millis kPatience{60'000};

  Wire(base::AsioExecutor& loop, const std::filesystem::path& folder) : loop_(loop), down_(loop.context()) {
    down_.assign(pipe(folder / "down"));
    up_ = base::Descriptor(pipe(folder / "up"));
    std::ofstream(shell(folder)) << "#!/bin/sh\ncd '" << folder.string() << "'\ncat <&3 >down &\nexec cat <up >&3\n";
    std::filesystem::permissions(shell(folder), std::filesystem::perms::owner_all);
    read();
  }
  static std::filesystem::path shell(const std::filesystem::path& folder) { return folder / "shell"; }

  void send(const json::object& frame) {
    const std::string line = json::write(frame) + "\n";
    ASSERT_EQ(write(up_.get(), line.data(), line.size()), static_cast<ssize_t>(line.size()));
  }
  // The first line of the same kind, call and question as this frame, once it is there.
  std::optional<json::value> take(const json::object& frame) {
    if (!loop_.runUntil([&] { return has(frame); }, kPatience)) {
      return std::nullopt;
    }
    const auto place = find(frame);
    json::value line = std::move(*place);
    lines_.erase(place);
    return line;
  }
  bool has(const json::object& frame) { return find(frame) != lines_.end(); }
  // Pings come by the clock.
  json::array left() const {
    json::array left;
    std::copy_if(lines_.begin(), lines_.end(), std::back_inserter(left),
                 [](const json::value& line) { return json::getString(line.get_object(), "t") != "ping"; });
    return left;
  }

 private:
  static int pipe(const std::filesystem::path& place) {
    EXPECT_EQ(mkfifo(place.c_str(), 0600), 0);
    return open(place.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  }
  std::vector<json::value>::iterator find(const json::object& frame) {
    return std::find_if(lines_.begin(), lines_.end(), [&](const json::value& line) {
      const json::object& one = line.get_object();
      return json::getString(one, "t") == json::getString(frame, "t") && json::getInt(one, "id") == json::getInt(frame, "id") &&
             json::getInt(one, "q") == json::getInt(frame, "q");
    });
  }
  void read() {
    down_.async_read_some(boost::asio::buffer(part_), [this](const boost::system::error_code& error, std::size_t size) {
      if (error) {
        return;
      }
      text_.append(part_.data(), size);
      for (std::size_t end = 0; (end = text_.find('\n')) != std::string::npos; text_.erase(0, end + 1)) {
        lines_.push_back(json::parseOwn(std::string_view(text_).substr(0, end)));
      }
      read();
    });
  }

  base::AsioExecutor& loop_;
  boost::asio::posix::stream_descriptor down_;
  base::Descriptor up_;
  std::array<char, 65536> part_{};
  std::string text_;
  std::vector<json::value> lines_;
};

}  // namespace patchbay::plugins
