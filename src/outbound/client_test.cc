#include "outbound/client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <thread>

namespace patchbay::outbound {
namespace {

// Takes one connection, reads a request's head and body, answers what it was given and closes. An
// empty answer is no answer.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer)
      : answer_(std::move(answer)), socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(socket_, 1), 0);
    socklen_t length = sizeof address;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
    url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/path?x=1";
    thread_ = std::thread([this] { serve(); });
  }
  ~OneAnswer() {
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    close(socket_);
  }

  std::string url;
  std::promise<std::string> request;

 private:
  void serve() {
    const int connection = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) {
      return;
    }
    std::string text;
    char buffer[4096];
    while (!text.ends_with("}")) {
      const ssize_t count = read(connection, buffer, sizeof buffer);
      if (count <= 0) {
        break;
      }
      text.append(buffer, static_cast<std::size_t>(count));
    }
    request.set_value(text);
    if (answer_.empty()) {
      char last = 0;
      while (read(connection, &last, 1) > 0) {
      }
    } else {
      EXPECT_EQ(send(connection, answer_.data(), answer_.size(), MSG_NOSIGNAL),
                static_cast<ssize_t>(answer_.size()));
    }
    close(connection);
  }

  std::string answer_;
  int socket_;
  std::thread thread_;
};

std::future<base::Result<Answer>> post(Client& client, Request request) {
  auto told = std::make_shared<std::promise<base::Result<Answer>>>();
  auto answer = told->get_future();
  request.body = "{\"a\":1}";
  client.post(std::move(request),
              [told](base::Result<Answer> result) { told->set_value(std::move(result)); });
  return answer;
}

Request to(const std::string& url) {
  Request request;
  request.url = url;
  return request;
}

TEST(OutboundClient, PostsAndGivesTheStatusWhateverItIs) {
  OneAnswer server("HTTP/1.1 418 Teapot\r\nContent-Length: 2\r\n\r\nno");
  Client client;
  Request request = to(server.url);
  request.headers = {"X-One: 1"};
  const auto answer = post(client, request).get();
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 418);
  EXPECT_EQ(answer->body, "no");
  const std::string sent = server.request.get_future().get();
  EXPECT_TRUE(sent.starts_with("POST /path?x=1 HTTP/1.1\r\n")) << sent;
  EXPECT_NE(sent.find("X-One: 1\r\n"), std::string::npos);
  EXPECT_EQ(sent.find("Expect"), std::string::npos);
  EXPECT_TRUE(sent.ends_with("\r\n\r\n{\"a\":1}"));
}

TEST(OutboundClient, CutsAnAnswerAtItsLimit) {
  OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, 'x'));
  Client client;
  Request request = to(server.url);
  request.maxAnswerBytes = 10;
  const auto answer = post(client, request).get();
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, std::string(10, 'x'));
}

TEST(OutboundClient, RedirectsAreAnAnswerAndNotFollowed) {
  OneAnswer server(
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
  Client client;
  const auto answer = post(client, to(server.url)).get();
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 302);
}

TEST(OutboundClient, ErrorsSayWhetherTryingAgainCanHelp) {
  Client client;
  EXPECT_EQ(post(client, to("file:///etc/passwd")).get().error().code, base::Code::kInvalid);
  EXPECT_EQ(post(client, to("http://")).get().error().code, base::Code::kInvalid);
  EXPECT_EQ(post(client, to("http://127.0.0.1:1/")).get().error().code, base::Code::kUnavailable);
  EXPECT_EQ(post(client, to("http://169.254.169.254/")).get().error().code, base::Code::kForbidden);
  EXPECT_EQ(post(client, to("http://[::ffff:169.254.169.254]/")).get().error().code,
            base::Code::kForbidden);
  client.setPolicy({false});
  EXPECT_EQ(post(client, to("http://127.0.0.1:1/")).get().error().code, base::Code::kForbidden);
}

TEST(OutboundClient, AServerThatDoesNotAnswerIsTooSlow) {
  OneAnswer server("");
  Client client;
  Request request = to(server.url);
  request.timeout = base::Millis(50);
  EXPECT_EQ(post(client, request).get().error().code, base::Code::kDeadline);
}

TEST(OutboundClient, ClosingBreaksOffAndTells) {
  OneAnswer server("");
  auto client = std::make_unique<Client>();
  auto answer = post(*client, to(server.url));
  server.request.get_future().wait();
  client.reset();
  EXPECT_EQ(answer.get().error().code, base::Code::kUnavailable);
}

}  // namespace
}  // namespace patchbay::outbound
