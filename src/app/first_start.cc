#include "app/first_start.h"

#include <array>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace patchbay::app {

namespace {

base::Status keep(const std::filesystem::path& file, const std::string& text) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) {
    return base::fail(base::Code::kStoreFailed, "The generated password cannot be kept in " + file.string() + ".");
  }
  const ssize_t written = ::write(fd, text.data(), text.size());
  ::close(fd);
  if (written != static_cast<ssize_t>(text.size())) {
    return base::fail(base::Code::kDiskFull, "The generated password cannot be kept in " + file.string() + ".");
  }
  return {};
}

}  // namespace

base::Status ensureFirstAdmin(access::Users& users, const Options& options, base::Random& random) {
  const std::string email = options.adminEmail.empty() ? "admin@localhost" : options.adminEmail;
  std::string password = options.adminPassword;
  if (password.empty()) {
    std::array<std::uint8_t, 12> bytes{};
    random.fill(bytes);
    password = base::toHex(bytes);
  }
  const auto made = users.ensureAdmin(email, password);
  if (!made) {
    return made.error();
  }
  if (!*made || !options.adminPassword.empty()) {
    return {};
  }
  const std::filesystem::path file = options.data / "admin-password";
  if (base::Status kept = keep(file, email + " " + password + "\n"); !kept) {
    return kept;
  }
  std::printf("The first administrator is %s with password %s (kept in %s)\n", email.c_str(), password.c_str(), file.c_str());
  std::fflush(stdout);
  return {};
}

}  // namespace patchbay::app
