#include "http/server.h"

#include <gtest/gtest.h>

#include <future>

#include "access/testing_access.h"
#include "http/body_stream.h"
#include "http/event_stream.h"
#include "http/testing_client.h"

namespace patchbay::http {
namespace {

constexpr int kManyPieces = 256;

class Pieces : public BodyStream {
 public:
  Pieces(std::vector<std::string> pieces, bool fails) : pieces_(std::move(pieces)), fails_(fails) {}
  void next(Deliver deliver) override {
    if (at_ < pieces_.size()) {
      deliver(pieces_[at_++]);
    } else if (fails_) {
      deliver(base::fail(base::Code::kInternal, "no more"));
    } else {
      deliver(std::string());
    }
  }

 private:
  std::vector<std::string> pieces_;
  bool fails_;
  std::size_t at_ = 0;
};

// Counts the pieces of 1 MiB that it was asked for.
class Counted : public BodyStream {
 public:
  explicit Counted(std::atomic<int>& made) : made_(made) {}
  void next(Deliver deliver) override {
    deliver(++made_ < kManyPieces ? std::string(1024 * 1024, 'x') : std::string());
  }

 private:
  std::atomic<int>& made_;
};

// A server with the routes that the tests below want.
class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    EXPECT_TRUE(configuration_.load());
    EXPECT_TRUE(tokens_.load());
    addRoutes();
    auto started = server_.start();
    EXPECT_TRUE(started) << started.error().message;
  }

  static ServerOptions options() {
    ServerOptions options;
    options.ioThreads = 2;
    options.requestThreads = 2;
    options.maxWaiting = 1;
    options.drainTime = base::Millis(5000);
    return options;
  }

  void route(Method method, std::string pattern, Access access, Handler handler) {
    router_.add(method, std::move(pattern), {.access = access}, "", std::move(handler));
  }

  void asyncRoute(Method method, std::string pattern, AsyncHandler handler) {
    router_.add(method, std::move(pattern),
                {.access = Access::kOpen, .limit = "LIMIT_WEBHOOK_BYTES"}, "", std::move(handler));
  }

  void addRoutes() {
    const Handler echo = [](Request& request) -> base::Result<Response> {
      json::object view{{"body", request.body}, {"path", request.path}, {"address", request.clientAddress}};
      for (const auto& [name, value] : request.query) {
        view["q " + name] = value;
      }
      for (const auto& [name, value] : request.headers) {
        view["h " + name] = value;
      }
      return jsonResponse(view);
    };
    route(Method::kGet, "/echo/:x", Access::kOpen, echo);
    route(Method::kPost, "/echo", Access::kOpen, echo);
    route(Method::kGet, "/user-only", Access::kUser, echo);
    route(Method::kPost, "/user-only", Access::kUser, echo);
    route(Method::kGet, "/admin-only", Access::kAdmin, echo);
    route(Method::kGet, "/throws", Access::kOpen,
          [](Request&) -> base::Result<Response> { throw std::runtime_error("secret detail"); });
    route(Method::kGet, "/refuses", Access::kOpen, [](Request&) -> base::Result<Response> {
      return base::fail(base::Code::kConflict, "Not now.", json::object{{"why", "x"}});
    });
    route(Method::kGet, "/blocks", Access::kOpen, [this](Request&) -> base::Result<Response> {
      entered_.fetch_add(1);
      entered_.notify_all();
      gate_.wait();
      return jsonText("{}");
    });
    route(Method::kGet, "/large", Access::kOpen, [](Request&) -> base::Result<Response> {
      return jsonText("\"" + std::string(3'000'000, 'x') + "\"");
    });
    asyncRoute(Method::kPost, "/hook", [](const Request& request, const Respond& respond) {
      respond(jsonText(request.body.empty() ? "{}" : request.body));
    });
    asyncRoute(Method::kPost, "/later", [this](const Request&, Respond respond) {
      later_.set_value(std::move(respond));
    });
    route(Method::kGet, "/stream", Access::kOpen, [](Request& request) -> base::Result<Response> {
      Response response;
      response.stream = std::make_shared<Pieces>(std::vector<std::string>{"first", "second"},
                                                 request.queryValue("fails").has_value());
      if (const auto length = request.queryValue("length")) {
        response.streamLength = std::stoul(*length);
      }
      return response;
    });
    route(Method::kGet, "/endless", Access::kOpen, [this](Request&) -> base::Result<Response> {
      Response response;
      response.stream = std::make_shared<Counted>(pieces_);
      return response;
    });
    route(Method::kGet, "/events", Access::kOpen, [this](Request&) -> base::Result<Response> {
      auto events = std::make_shared<EventStream>([this] { gone_.set_value(); });
      Response response = events->response();
      events_.set_value(std::move(events));
      return response;
    });
    asyncRoute(Method::kPost, "/dropped", [](const Request&, const Respond&) {});
    asyncRoute(Method::kGet, "/odd", [](const Request&, const Respond& respond) {
      Response response;
      response.status = 299;
      response.contentType = "text/plain";
      response.body = "odd";
      response.headers = {{"X-Good", "yes"}, {"X-Bad", "a\r\nInjected: 1"}, {"Content-Length", "999"},
                          {"Transfer-Encoding", "chunked"}, {"Bad Name", "x"}};
      respond(response);
    });
  }

  std::string tokenOf(const json::array& scope, const std::string& name) {
    const auto user = users_.create({{"email", name}, {"password", "secret"}, {"scope", scope}}, true);
    EXPECT_TRUE(user);
    return "Authorization: Bearer " + tokens_.issue({user->id, user->username, user->scope}) + "\r\n";
  }

  access::TestStore store_;
  base::SystemClock clock_;
  base::SystemRandom random_;
  access::SystemConfiguration configuration_{*store_.store};
  access::Tokens tokens_{*store_.store, configuration_, random_, clock_};
  access::Users users_{*store_.store, configuration_, random_, clock_};
  access::Gate gate_keeper_{tokens_, users_};
  access::Acl acl_{*store_.store};
  std::promise<void> open_;
  std::shared_future<void> gate_{open_.get_future()};
  std::atomic<int> entered_{0};
  std::promise<Respond> later_;
  std::promise<std::shared_ptr<EventStream>> events_;
  std::promise<void> gone_;
  std::atomic<int> pieces_{0};
  Router router_;
  base::DiskReserve disk_{"/", clock_};
  Pipeline pipeline_{gate_keeper_, acl_, disk_};
  Server server_{router_, pipeline_, configuredLimits(configuration_), options()};
};

TEST_F(ServerTest, AnswersManyRequestsOnOneConnection) {
  TestClient client(server_.port());
  for (int i = 0; i < 3; ++i) {
    const Reply reply = client.ask("GET", "//echo/a%20b?x=1&y[]=2");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.json()["path"], "//echo/a b");
    EXPECT_EQ(reply.json()["q x"], "1");
    EXPECT_EQ(reply.json()["q y"], "2");
    EXPECT_EQ(reply.json()["address"], "127.0.0.1");
    EXPECT_EQ(reply.headers.at("content-type"), "application/json; charset=utf-8");
    EXPECT_EQ(reply.headers.at("access-control-allow-origin"), "*");
  }
}

TEST_F(ServerTest, TakesPipelinedRequestsInOrder) {
  TestClient client(server_.port());
  std::string bytes;
  for (int i = 0; i < 500; ++i) {
    const std::string body = std::to_string(i);
    bytes += "POST /hook HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  client.send(bytes);
  for (int i = 0; i < 500; ++i) {
    EXPECT_EQ(client.receive().body, std::to_string(i));
  }
}

TEST_F(ServerTest, TakesChunkedBodiesAndEmptyJsonBodies) {
  TestClient client(server_.port());
  client.send("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  client.send("4;ext=1\r\ndefg\r\n0\r\n\r\n");
  EXPECT_EQ(client.receive().json()["body"], "abcdefg");
  const Reply empty = client.ask("GET", "/echo/x", "", "Content-Type: application/json\r\n");
  EXPECT_EQ(empty.status, 200);
  EXPECT_EQ(empty.json()["body"], "");
}

TEST_F(ServerTest, BodiesOverTheLimitOfTheirRouteAreRefused) {
  TestClient client(server_.port());
  ASSERT_TRUE(configuration_.put("LIMIT_WEBHOOK_BYTES", "10"));
  Reply reply = client.ask("POST", "/hook", std::string(11, 'x'));
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(reply.json()["statusCode"], 413);
  EXPECT_EQ(reply.json()["code"], "TOO_LARGE");
  EXPECT_EQ(client.ask("POST", "/hook", "0123456789").status, 200);  // the connection lives on
  client.send("POST /hook HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n");
  reply = client.receive();
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(reply.headers.at("connection"), "close");
}

TEST_F(ServerTest, ALargeRefusedBodyStillGetsItsAnswer) {
  TestClient client(server_.port());
  client.send("POST /hook HTTP/1.1\r\nContent-Length: 50000000\r\n\r\n" + std::string(100'000, 'x'));
  EXPECT_EQ(client.receive().status, 413);
  EXPECT_TRUE(client.atEnd());
}

TEST_F(ServerTest, ContinuesWhenAskedAndNotWhenItWillRefuse) {
  TestClient client(server_.port());
  client.send("POST /echo HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive().status, 100);
  client.send("ok");
  EXPECT_EQ(client.receive().json()["body"], "ok");
  client.send("POST /user-only HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive().status, 401);
}

TEST_F(ServerTest, ErrorsHaveOneShape) {
  TestClient client(server_.port());
  Reply reply = client.ask("GET", "/nothing/here");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.body, R"({"statusCode":404,"error":"Not Found","message":"There is nothing at /nothing/here.","code":"NOT_FOUND"})");
  reply = client.ask("DELETE", "/echo");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.headers.at("allow"), "POST");
  EXPECT_EQ(reply.json()["statusCode"], 405);
  reply = client.ask("GET", "/refuses");
  EXPECT_EQ(reply.status, 409);
  EXPECT_EQ(json::write(reply.json()["data"]), R"({"why":"x"})");
  reply = client.ask("GET", "/throws");
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.body.find("secret detail"), std::string::npos);
  EXPECT_EQ(client.ask("POST", "/dropped").status, 500);
  EXPECT_EQ(client.ask("GET", "/echo/x?a=%zz").status, 400);
  EXPECT_EQ(client.ask("TRACE", "/echo/x").status, 501);
}

TEST_F(ServerTest, BytesThatAreNoHttpGetA400AndTheDoor) {
  TestClient client(server_.port());
  client.send("nonsense\r\n\r\n");
  const Reply reply = client.receive();
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.json()["statusCode"], 400);
  EXPECT_TRUE(client.atEnd());
  TestClient both(server_.port());
  both.send("POST /echo HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  EXPECT_EQ(both.receive().status, 400);
  TestClient large(server_.port());
  large.send("GET /echo/x HTTP/1.1\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n");
  EXPECT_EQ(large.receive().status, 431);
}

TEST_F(ServerTest, EveryPathAnswersPreflightsAndHeads) {
  TestClient client(server_.port());
  Reply reply = client.ask("OPTIONS", "/user-only", "", "Origin: null\r\nAccess-Control-Request-Headers: X-Mine\r\n");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.at("access-control-allow-origin"), "*");
  EXPECT_EQ(reply.headers.at("access-control-allow-headers"), "Authorization, Content-Type, X-Mine");
  EXPECT_NE(reply.headers.at("access-control-allow-methods").find("DELETE"), std::string::npos);
  reply = client.ask("HEAD", "/echo/x");
  EXPECT_EQ(reply.status, 200);
  EXPECT_NE(reply.headers.at("content-length"), "0");
  EXPECT_EQ(client.ask("GET", "/echo/x").status, 200);
}

TEST_F(ServerTest, AccessRulesHoldAtTheDoor) {
  TestClient client(server_.port());
  EXPECT_EQ(client.ask("GET", "/user-only").status, 401);
  Reply reply = client.ask("GET", "/user-only", "", "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA\r\n");
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(reply.json()["message"], "Invalid JWT: key or signature is invalid");
  const std::string user = tokenOf({"user"}, "user@example.test");
  EXPECT_EQ(client.ask("GET", "/user-only", "", user).status, 200);
  EXPECT_EQ(client.ask("GET", "/admin-only", "", user).status, 403);
  EXPECT_EQ(client.ask("GET", "/admin-only", "", tokenOf({"admin"}, "admin@example.test")).status, 200);
  EXPECT_EQ(client.ask("POST", "/hook", "1", "Authorization: Bearer rubbish\r\n").status, 200);
}

TEST_F(ServerTest, AnAnswerMayComeFromAnotherThreadAndOnlyOnce) {
  TestClient client(server_.port());
  client.send("POST /later HTTP/1.1\r\n\r\n");
  Respond respond = later_.get_future().get();
  std::thread([&respond] {
    respond(jsonText("1"));
    respond(jsonText("2"));
  }).join();
  EXPECT_EQ(client.receive().body, "1");
  EXPECT_EQ(client.ask("POST", "/hook", "3").body, "3");
}

TEST_F(ServerTest, FullQueuesAreRefusedWithRetryAfter) {
  // Two threads at work and one request waiting: the fourth is refused at once.
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 2; ++i) {
    clients.push_back(std::make_unique<TestClient>(server_.port()));
    clients.back()->send("GET /blocks HTTP/1.1\r\n\r\n");
    for (int seen = entered_.load(); seen <= i; seen = entered_.load()) {
      entered_.wait(seen);
    }
  }
  TestClient other(server_.port());
  other.send("GET /blocks HTTP/1.1\r\n\r\n");
  while (server_.counts().requests < 3) {
    std::this_thread::yield();
  }
  TestClient last(server_.port());
  const Reply refused = last.ask("GET", "/blocks");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.headers.at("retry-after"), "1");
  EXPECT_EQ(last.ask("POST", "/hook", "1").status, 200);  // the hot path does not wait for them
  open_.set_value();
  EXPECT_EQ(clients[0]->receive().status, 200);
  EXPECT_EQ(other.receive().status, 200);
}

TEST_F(ServerTest, LargeAnswersArriveWhole) {
  TestClient client(server_.port());
  EXPECT_EQ(client.ask("GET", "/large").body.size(), 3'000'002U);
  EXPECT_EQ(client.ask("POST", "/hook", "1").body, "1");
}

TEST_F(ServerTest, HeadersOfHandlersCannotBreakTheMessage) {
  TestClient client(server_.port());
  const Reply reply = client.ask("GET", "/odd");
  EXPECT_EQ(reply.status, 299);
  EXPECT_EQ(reply.body, "odd");
  EXPECT_EQ(reply.headers.at("x-good"), "yes");
  EXPECT_FALSE(reply.headers.contains("x-bad"));
  EXPECT_FALSE(reply.headers.contains("injected"));
  EXPECT_FALSE(reply.headers.contains("transfer-encoding"));
  EXPECT_EQ(reply.headers.at("content-type"), "text/plain");
}

TEST_F(ServerTest, OldClientsAndClosersAreServed) {
  TestClient old(server_.port());
  old.send("GET /echo/x HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.receive().headers.at("connection"), "close");
  EXPECT_TRUE(old.atEnd());
  TestClient closer(server_.port());
  EXPECT_EQ(closer.ask("GET", "/echo/x", "", "Connection: close\r\n").status, 200);
  EXPECT_TRUE(closer.atEnd());
}

TEST_F(ServerTest, StopLetsRequestsFinishAndClosesIdleOnes) {
  TestClient idle(server_.port());
  EXPECT_EQ(idle.ask("GET", "/echo/x").status, 200);
  TestClient busy(server_.port());
  busy.send("POST /later HTTP/1.1\r\n\r\n");
  Respond respond = later_.get_future().get();
  auto stopped = std::async(std::launch::async, [this] { server_.stop(); });
  EXPECT_TRUE(idle.atEnd());
  respond(jsonText("1"));
  const Reply reply = busy.receive();
  EXPECT_EQ(reply.body, "1");
  EXPECT_EQ(reply.headers.at("connection"), "close");
  stopped.get();
  EXPECT_THROW(TestClient(server_.port()), boost::system::system_error);
}

TEST_F(ServerTest, AnAnswerAfterTheServerHasStoppedIsDropped) {
  Respond respond;
  {
    ServerOptions impatient = options();
    impatient.drainTime = base::Millis(0);
    Server other(router_, pipeline_, configuredLimits(configuration_), impatient);
    ASSERT_TRUE(other.start());
    TestClient client(other.port());
    client.send("POST /later HTTP/1.1\r\n\r\n");
    respond = later_.get_future().get();
    other.stop();
  }
  respond(jsonText("1"));
}

TEST_F(ServerTest, AStreamedAnswerComesInChunksAndTheConnectionLivesOn) {
  TestClient client(server_.port());
  client.send("GET /stream HTTP/1.1\r\n\r\n");
  const Reply head = client.receiveHead();
  EXPECT_EQ(head.headers.at("transfer-encoding"), "chunked");
  EXPECT_EQ(head.headers.count("content-length"), 0U);
  EXPECT_EQ(client.readUntil("0\r\n\r\n"), "5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n");
  EXPECT_EQ(client.ask("HEAD", "/stream").status, 200);
  EXPECT_EQ(client.ask("GET", "/echo/x").status, 200);
  TestClient old(server_.port());
  old.send("GET /stream HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.receiveHead().headers.count("transfer-encoding"), 0U);
  EXPECT_EQ(old.readUntil("second"), "firstsecond");
  EXPECT_TRUE(old.atEnd());
}

TEST_F(ServerTest, AStreamedAnswerWithALengthIsThatLongOrTheConnectionIsCut) {
  TestClient client(server_.port());
  EXPECT_EQ(client.ask("GET", "/stream?length=11").body, "firstsecond");
  EXPECT_EQ(client.ask("GET", "/stream?length=11").body, "firstsecond");
  for (const std::string length : {"12", "10"}) {
    TestClient cut(server_.port());
    cut.send("GET /stream?length=" + length + " HTTP/1.1\r\n\r\n");
    EXPECT_EQ(cut.receiveHead().headers.at("content-length"), length);
    cut.readUntil("first");
    if (length == "12") {
      cut.readUntil("second");
    }
    EXPECT_TRUE(cut.atEnd());
  }
  TestClient failed(server_.port());
  failed.send("GET /stream?fails=1 HTTP/1.1\r\n\r\n");
  failed.receiveHead();
  EXPECT_EQ(failed.readUntil("second\r\n"), "5\r\nfirst\r\n6\r\nsecond\r\n");
  EXPECT_TRUE(failed.atEnd());
}

TEST_F(ServerTest, AStreamIsNotReadFasterThanItsClientReads) {
  TestClient client(server_.port());
  client.send("GET /endless HTTP/1.1\r\n\r\n");
  client.receiveHead();
  for (int i = 0; i < 8; ++i) {
    client.readUntil("\r\n");  // head of a chunk
    client.readUntil("\r\n");
  }
  EXPECT_GE(pieces_, 8);
  EXPECT_LT(pieces_, kManyPieces);
}

TEST_F(ServerTest, EventsArriveAndTheEndOfTheirClientIsTold) {
  TestClient client(server_.port());
  client.send("GET /events HTTP/1.1\r\n\r\n");
  const auto events = events_.get_future().get();
  EXPECT_EQ(client.receiveHead().headers.at("content-type"), "text/event-stream; charset=utf-8");
  EXPECT_TRUE(events->send("one", "{\"a\":\n1}"));
  EXPECT_EQ(client.readUntil("\n\n\r\n"), "1b\r\nevent: one\ndata: {\"a\": 1}\n\n\r\n");
  client.close();
  gone_.get_future().get();
  EXPECT_FALSE(events->send("two", "{}"));
}

TEST_F(ServerTest, EventsEndWellAndTheConnectionLivesOn) {
  TestClient client(server_.port());
  client.send("GET /events HTTP/1.1\r\n\r\n");
  auto events = events_.get_future().get();
  client.receiveHead();
  events->send("one", "{}");
  events->end();
  EXPECT_FALSE(events->send("late", "{}"));
  events.reset();
  EXPECT_NE(client.readUntil("0\r\n\r\n").find("event: one"), std::string::npos);
  EXPECT_EQ(client.ask("GET", "/echo/x").status, 200);
}

TEST_F(ServerTest, EventsThatNobodySendsAnyMoreCutTheConnection) {
  TestClient client(server_.port());
  client.send("GET /events HTTP/1.1\r\n\r\n");
  auto events = events_.get_future().get();
  client.receiveHead();
  events.reset();
  EXPECT_TRUE(client.atEnd());
}

TEST(EventStreamTest, AClientThatDoesNotReadIsCutOffAtTheBound) {
  int gone = 0;
  EventStream events([&gone] { ++gone; });
  const Response response = events.response();
  const std::string large = "\"" + std::string(EventStream::kMostWaiting / 4, 'x') + "\"";
  int sent = 0;
  while (sent < 10 && events.send("large", large)) {
    ++sent;
  }
  EXPECT_EQ(sent, 3);
  EXPECT_EQ(gone, 1);
  std::optional<base::Result<std::string>> piece;
  response.stream->next([&piece](base::Result<std::string> told) { piece = std::move(told); });
  ASSERT_TRUE(piece);
  EXPECT_FALSE(*piece);
}

TEST_F(ServerTest, ASilentStreamBeatsAndAStopDoesNotWaitForIt) {
  ServerOptions quick = options();
  quick.heartbeatTime = base::Millis(1);
  quick.drainTime = base::Millis(3'600'000);
  Server other(router_, pipeline_, configuredLimits(configuration_), quick);
  ASSERT_TRUE(other.start());
  TestClient client(other.port());
  client.send("GET /events HTTP/1.1\r\n\r\n");
  const auto events = events_.get_future().get();
  client.receiveHead();
  EXPECT_EQ(client.readUntil("\n\n\r\n"), "8\r\n: ping\n\n\r\n");
  events->send("one", "{}");
  EXPECT_NE(client.readUntil("data: {}\n\n\r\n").find("event: one"), std::string::npos);
  other.stop();
  gone_.get_future().get();
}

TEST_F(ServerTest, ATakenPortIsSaid) {
  ServerOptions same = options();
  same.port = server_.port();
  Server other(router_, pipeline_, configuredLimits(configuration_), same);
  const auto status = other.start();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, base::Code::kConflict);
}

TEST(ServerTimes, SlowClientsAreShownTheDoor) {
  access::TestStore store;
  base::SystemClock clock;
  base::SystemRandom random;
  access::SystemConfiguration configuration(*store.store);
  access::Tokens tokens(*store.store, configuration, random, clock);
  access::Users users(*store.store, configuration, random, clock);
  access::Gate gate(tokens, users);
  access::Acl acl(*store.store);
  Router router;
  base::DiskReserve disk("/", clock);
  Pipeline pipeline(gate, acl, disk);
  ServerOptions options;
  options.headerTime = base::Millis(1);
  options.idleTime = base::Millis(1);
  options.maxConnections = 2;
  Server server(router, pipeline, configuredLimits(configuration), options);
  ASSERT_TRUE(server.start());
  TestClient slow(server.port());
  slow.send("GET / HTT");
  EXPECT_EQ(slow.receive().status, 408);
  TestClient idle(server.port());
  EXPECT_TRUE(idle.atEnd());
}

}  // namespace
}  // namespace patchbay::http
