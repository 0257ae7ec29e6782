// Plays protocol/golden/plugin_*.json with the parts of the running server: plugins, what answers their host calls, the runtime that
// writes and reads the frames. In place of Node a shell stands at the other end of the channel and passes lines on to the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "access/acl.h"
#include "access/tokens.h"
#include "access/users.h"
#include "accounts/accounts.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/log.h"
#include "connectors/testing_folder.h"
#include "datastores/data_stores.h"
#include "engine/context/state_values.h"
#include "engine/parts.h"
#include "engine/webhook_intake.h"
#include "files/file_store.h"
#include "insights/flow_log.h"
#include "plugins/listeners.h"
#include "plugins/plugin.h"
#include "plugins/plugin_calls.h"
#include "plugins/testing_wire.h"
#include "runtime/node_runtime.h"
#include "store/accounts.h"
#include "store/flows.h"
#include "store/sqlite/sqlite_store.h"
#include "store/states.h"
#include "system_webhooks/outbox.h"
#include "webhooks/reply_desk.h"

namespace patchbay::plugins {
namespace {

namespace fs = std::filesystem;

constexpr base::Millis kPatience = Wire::kPatience;
constexpr base::Millis kNever{3'600'000};

const fs::path kGolden = PATCHBAY_SOURCE_DIR "/protocol/golden";

std::string textOf(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::vector<std::string> conversations() {
  std::vector<std::string> names;
  for (const auto& file : fs::directory_iterator(kGolden)) {
    if (file.path().filename().string().starts_with("plugin_")) {
      names.push_back(file.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

json::array stepsOf(const std::string& conversation) { return json::parseOwn(textOf(kGolden / (conversation + ".json"))).as_array(); }

bool isFromEngine(const json::value& step) { return json::getString(step.get_object(), "from") == "engine"; }
const json::object& frameOf(const json::value& step) { return json::getObject(step.get_object(), "frame"); }
std::uint64_t idOf(const json::object& frame) { return static_cast<std::uint64_t>(json::getInt(frame, "id").value_or(0)); }

class NoMappers final : public runtime::MapperPool {
 public:
  void map(std::string, Told told) override { told(base::fail(base::Code::kInternal, "no mapper")); }
  void test(std::string, Told told) override { told(base::fail(base::Code::kInternal, "no mapper")); }
  void setModifiers(std::string) override {}
};

class NoListener final : public queue::QueueListener {
 public:
  void onReady() override {}
  void onTraceEnded(queue::MessageId) override {}
  void onScheduled(std::int64_t) override {}
};

// What is stored when a conversation begins.
base::Status storeRows(store::Transaction& tx) {
  store::FlowRecord flow;
  flow.flowId = "flow-1";
  flow.userId = "user-1";
  flow.name = "Orders";
  flow.stage = "running";
  flow.document = R"({"flow":{"c1":{"type":"acme.shop.orders.NewOrder"}}})";
  flow.runId = 1;
  tx.flows().put(flow);
  store::AccountRecord account;
  account.accountId = "account-1";
  account.tokenId = "token-1";
  account.userId = "user-1";
  account.service = "acme:shop";
  account.profile = R"({"email":"ada@example.com"})";
  tx.accounts().put(account);
  tx.accounts().assign({"flow-1", "c1", "account-1"});
  tx.states().put("s:acme:store", "cursor", "7");
  return {};
}

template <typename T>
T opened(base::Result<T> result) {
  EXPECT_TRUE(result) << (result ? "" : result.error().message);
  return std::move(*result);
}

// The rooms that a trigger passes through, over real rows.
struct Rooms {
  Rooms(base::AsioExecutor& loop, runtime::Runtime& runtime, const fs::path& folder) : disk(folder, clock) {
    disk.setReserve(0);
    store::SqliteOptions options;
    options.folder = folder / "store";
    store = opened(store::openSqlite(options));
    EXPECT_TRUE(store->write(storeRows));
    insights::FlowLogOptions log;
    log.path = ":memory:";
    flowLog = opened(insights::FlowLog::open(log));
    configuration = std::make_unique<access::SystemConfiguration>(*store);
    tokens = std::make_unique<access::Tokens>(*store, *configuration, random, clock);
    users = std::make_unique<access::Users>(*store, *configuration, random, clock);
    acl = std::make_unique<access::Acl>(*store);
    outbox = std::make_unique<system_webhooks::Outbox>(*store, *configuration, clock, random, metrics);
    sealer = std::make_unique<accounts::Sealer>(opened(accounts::Sealer::open(std::string(64, 'a'), {}, random)));
    services = std::make_unique<accounts::ServiceConfiguration>(*store, *sealer);
    runner = accounts::makeAuthRunner(runtime, loop);
    accounts = std::make_unique<accounts::Accounts>(accounts::Accounts::Parts{*store, registry, *sealer, *services, *runner, random, clock});
    dataStores = std::make_unique<datastores::DataStores>(random, clock);
    files = opened(files::FileStore::open(folder / "files", *store, random, clock));
    replies = std::make_unique<webhooks::ReplyDesk>(loop);
    queue = std::make_unique<queue::MessageQueue>(*store, loop, queue::QueueOptions{});
    queue->setListener(queueListener);
    EXPECT_TRUE(queue->open());
    parts = std::make_unique<engine::Parts>(
        engine::Parts{*store, loop, clock, random, background, *queue, runtime, mappers, registry, *accounts, *configuration, *acl, *tokens,
                      *users, *dataStores, *files, *flowLog, *replies, *outbox, metrics, disk, "http://127.0.0.1:8420"});
    flows = std::make_unique<engine::FlowDirectory>(*store, registry);
    flows->put("flow-1", "user-1", 1, engine::Stage::kRunning);
    intake = std::make_unique<engine::WebhookIntake>(*parts, *flows);
  }

  base::SystemRandom random;
  base::SystemClock clock;
  base::Metrics metrics;
  base::DiskReserve disk;
  boost::asio::thread_pool background{1};
  NoMappers mappers;
  NoListener queueListener;
  connectors::Registry registry;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<insights::FlowLog> flowLog;
  std::unique_ptr<access::SystemConfiguration> configuration;
  std::unique_ptr<access::Tokens> tokens;
  std::unique_ptr<access::Users> users;
  std::unique_ptr<access::Acl> acl;
  std::unique_ptr<system_webhooks::Outbox> outbox;
  std::unique_ptr<accounts::Sealer> sealer;
  std::unique_ptr<accounts::ServiceConfiguration> services;
  std::unique_ptr<accounts::AuthRunner> runner;
  std::unique_ptr<accounts::Accounts> accounts;
  std::unique_ptr<datastores::DataStores> dataStores;
  std::unique_ptr<files::FileStore> files;
  std::unique_ptr<webhooks::ReplyDesk> replies;
  std::unique_ptr<queue::MessageQueue> queue;
  std::unique_ptr<engine::Parts> parts;
  std::unique_ptr<engine::FlowDirectory> flows;
  std::unique_ptr<engine::WebhookIntake> intake;
};

// How a call of the server ended, as its caller was told.
struct Outcome {
  std::optional<base::Result<PluginAnswer>> answer;
  std::optional<base::Result<std::string>> told;
  std::string streamed;
  std::optional<base::Result<std::string>> streamEnd;
};

class PluginGoldenTest : public testing::TestWithParam<std::string>, public Plugin::Host {
 protected:
  PluginGoldenTest() : wire_(loop_, folder_.path()), spawner_(std::make_unique<base::Spawner>(loop_)) {
    steps_ = stepsOf(GetParam());
    spdlog::default_logger()->sinks().push_back(sink_);
    runtime::NodeOptions options;
    options.node = Wire::shell(folder_.path());
    options.runtimeFolder = folder_.path();
    options.temporary = folder_.path() / "temporary";
    options.apiUrl = "http://127.0.0.1:8420";
    options.pingEvery = first("ping") != nullptr ? base::Millis(1) : kNever;
    host_ = std::make_unique<runtime::NodeHost>(loop_, *spawner_, runtime::Sandbox::of(runtime::Isolation::kTree), options);
    runtime_ = std::make_unique<runtime::NodeRuntime>(*host_, clock_, runtime::RuntimeOptions{});
    rooms_ = std::make_unique<Rooms>(loop_, *runtime_, folder_.path());
    locks_ = std::make_unique<engine::Locks>(loop_);
    calls_ = std::make_unique<PluginCalls>(*rooms_->store, loop_, *locks_, *rooms_->intake);
  }
  ~PluginGoldenTest() override {
    while (!plugins_.empty()) {
      takeDown(plugins_.begin()->first);
    }
    runtime_.reset();
    spawner_.reset();
    EXPECT_TRUE(rooms_->store->write([](store::Transaction&) { return base::Status(); }));  // after all that is under way
    std::erase(spdlog::default_logger()->sinks(), sink_);
  }

  // What the server is asked to do, so that it writes this frame.
  void cause(const json::object& frame) {
    const std::string type = json::getString(frame, "t");
    if (type == "hello") {
      cause(frameOf(*first("call")));  // upon which a process is started
    } else if (type == "call" && begun_.insert(idOf(frame)).second) {
      beginCall(frame);
    } else if (type == "cancel" && !wire_.has(frame) && !cancelled_.contains(idOf(frame))) {
      const auto outcome = outcomes_.find(idOf(frame));
      if (outcome != outcomes_.end() && outcome->second.answer) {
        (*outcome->second.answer)->stream->leave();
      } else {
        takeDown(pluginOf_.at(idOf(frame)));
      }
    }
  }

  // What must have come of this frame.
  void expectTaken(const json::object& frame) {
    const std::string type = json::getString(frame, "t");
    if (type == "host" && json::getString(frame, "op") == "pluginUp") {
      const json::object& told = json::getObject(frame, "a");
      Plugin& plugin = *plugins_.at(pluginOf_.at(idOf(frame)));
      EXPECT_TRUE(soon([&] {
        return plugin.state() == PluginState::kUp && plugin.routes() == told.at("routes") && plugin.jobs() == told.at("jobs");
      }));
    } else if (type == "host" && json::getString(frame, "op") == "answerPiece") {
      pieces_[idOf(frame)] += *base::fromBase64(json::getString(json::getObject(frame, "a"), "data"));
    } else if (type == "log") {
      EXPECT_TRUE(soon([&] { return logged_.str().find(logLine(frame)) != std::string::npos; })) << logLine(frame);
    } else if (type == "done") {
      expectDone(outcomes_.at(idOf(frame)), frame);
    } else if (type == "fail") {
      expectFailed(idOf(frame), json::getString(json::getObject(frame, "err"), "message"));
    }
  }

  base::AsioExecutor loop_;
  connectors::TestFolder folder_;
  Wire wire_;
  json::array steps_;

 private:
  const json::value* first(std::string_view type) const {
    const auto isIt = [&](const json::value& step) { return json::getString(frameOf(step), "t") == type; };
    const auto found = std::find_if(steps_.begin(), steps_.end(), isIt);
    return found == steps_.end() ? nullptr : found;
  }
  bool soon(const std::function<bool()>& what) { return loop_.runUntil(what, kPatience); }

  void beginCall(const json::object& frame) {
    const std::string method = json::getString(frame, "m"), name = json::getString(frame, "plugin");
    const std::uint64_t id = idOf(frame);
    pluginOf_[id] = name;
    if (method == "plugin") {
      const PluginFile file{name, json::getString(frame, "service"), json::getString(frame, "service"), false};
      ownCalls_[name] = id;
      plugins_[name] = std::make_unique<Plugin>(*runtime_, loop_, *this, std::make_shared<connectors::Revision>(), spec_, file,
                                                json::getObject(frame, "config"));
      plugins_[name]->begin();
    } else if (method == "request") {
      outcomes_[id];
      plugins_.at(name)->request(requestOf(frame), [this, id](base::Result<PluginAnswer> answer) {
        const auto stream = answer ? answer->stream : nullptr;
        outcomes_[id].answer = std::move(answer);
        if (stream) {
          take(id, stream);
        }
      });
    } else {
      outcomes_[id];
      listeners_[id] = json::getObject(frame, "listener");
      plugins_.at(name)->listenerAdded(json::write(listeners_[id]),
                                       [this, id](base::Result<std::string> told) { outcomes_[id].told = std::move(told); });
    }
  }
  static PluginRequest requestOf(const json::object& frame) {
    return {json::getString(frame, "method"),    json::getString(frame, "path"),
            json::write(frame.at("headers")),    base::fromBase64(json::getString(frame, "body")).value_or("no base64"),
            json::write(frame.at("user")),       json::getString(frame, "remoteAddress"),
            json::getString(frame, "hostname")};
  }
  // A client that takes what comes.
  void take(std::uint64_t id, const std::shared_ptr<AnswerStream>& stream) {
    stream->next([this, id, stream](base::Result<std::string> piece) {
      if (piece && !piece->empty()) {
        outcomes_[id].streamed += *piece;
        take(id, stream);
      } else {
        outcomes_[id].streamEnd = std::move(piece);
      }
    });
  }
  void takeDown(const std::string& name) {
    cancelled_.insert(ownCalls_[name]);
    calls_->forget(*plugins_.at(name));
    plugins_.erase(name);
  }

  std::string logLine(const json::object& frame) const {
    const json::value* data = json::find(frame, "data");
    return "plugin " + pluginOf_.at(idOf(frame)) + ": " + json::getString(frame, "message") + (data == nullptr ? "" : " " + json::write(*data));
  }
  void expectDone(Outcome& outcome, const json::object& frame) {
    const json::value& value = frame.at("value");
    if (listeners_.contains(idOf(frame))) {
      ASSERT_TRUE(soon([&] { return outcome.told.has_value(); }));
      ASSERT_TRUE(*outcome.told);
      EXPECT_EQ(json::parseOwn(**outcome.told), value);
      storeListener(listeners_[idOf(frame)], value.at("params"));
    } else if (value.is_null()) {
      ASSERT_TRUE(soon([&] { return outcome.streamEnd.has_value(); }));
      EXPECT_TRUE(*outcome.streamEnd);
      EXPECT_EQ(outcome.streamed, pieces_[idOf(frame)]);
    } else {
      ASSERT_TRUE(soon([&] { return outcome.answer.has_value(); }));
      ASSERT_TRUE(*outcome.answer) << outcome.answer->error().message;
      expectAnswer(**outcome.answer, value.get_object());
    }
  }
  static void expectAnswer(const PluginAnswer& answer, const json::object& value) {
    EXPECT_EQ(answer.status, json::getInt(value, "status"));
    EXPECT_EQ(base::toBase64(answer.body), json::getString(value, "body"));
    json::object headers;
    for (const auto& [name, text] : answer.headers) {
      json::value& held = headers[name];
      if (held.is_null()) {
        held = text;
      } else {
        held = held.is_array() ? held : json::value(json::array{held});
        held.get_array().emplace_back(text);
      }
    }
    EXPECT_EQ(headers, json::getObject(value, "headers"));
  }
  void expectFailed(std::uint64_t id, const std::string& message) {
    if (const std::string& name = pluginOf_.at(id); ownCalls_[name] == id) {
      EXPECT_TRUE(soon([&] { return plugins_.at(name)->state() == PluginState::kFailed; }));
      EXPECT_EQ(plugins_.at(name)->error(), message);
      takeDown(name);  // which would start again
      return;
    }
    Outcome& outcome = outcomes_.at(id);
    ASSERT_TRUE(soon([&] { return outcome.told || outcome.streamEnd; }));
    const base::Result<std::string>& end = outcome.told ? *outcome.told : *outcome.streamEnd;
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().message, message);
    EXPECT_EQ(outcome.streamed, pieces_[id]);
  }
  void storeListener(const json::object& listener, const json::value& params) {
    const ListenerPlace place{plugins_.begin()->first, json::getString(listener, "eventName"), json::getString(listener, "flowId"),
                              json::getString(listener, "componentId")};
    EXPECT_TRUE(rooms_->store->write([&](store::Transaction& tx) {
      addListener(tx, place, json::write(params));
      return base::Status();
    }));
  }

  void onHostCall(Plugin& plugin, std::uint64_t q, std::string_view op, std::string_view arguments) override {
    calls_->handle(plugin, q, op, arguments);
  }
  void onDown(const Plugin& plugin) override { calls_->forget(plugin); }

  base::SystemClock clock_;
  std::ostringstream logged_;
  const spdlog::sink_ptr sink_ = std::make_shared<spdlog::sinks::ostream_sink_mt>(logged_);
  std::unique_ptr<base::Spawner> spawner_;
  std::unique_ptr<runtime::NodeHost> host_;
  std::unique_ptr<runtime::NodeRuntime> runtime_;
  std::unique_ptr<Rooms> rooms_;
  std::unique_ptr<engine::Locks> locks_;
  std::unique_ptr<PluginCalls> calls_;
  const std::shared_ptr<const runtime::WorkerSpec> spec_ =
      std::make_shared<runtime::WorkerSpec>(runtime::WorkerSpec{"rev-1", "/revision", "plugin-host"});
  std::map<std::string, std::unique_ptr<Plugin>> plugins_;
  std::map<std::string, std::uint64_t> ownCalls_;     // by plugin
  std::map<std::uint64_t, std::string> pluginOf_;     // by call
  std::map<std::uint64_t, Outcome> outcomes_;         // of requests and listeners
  std::map<std::uint64_t, std::string> pieces_;       // as sent
  std::map<std::uint64_t, json::object> listeners_;   // asked about
  std::set<std::uint64_t> begun_, cancelled_;
};

TEST_P(PluginGoldenTest, TheServerWritesWhatTheEngineSaysAndTakesWhatTheHostSays) {
  for (std::size_t i = 0; i < steps_.size() && !HasFatalFailure(); ++i) {
    SCOPED_TRACE("frame " + std::to_string(i));
    const json::object& frame = frameOf(steps_[i]);
    if (isFromEngine(steps_[i])) {
      cause(frame);
      const auto line = wire_.take(frame);
      ASSERT_TRUE(line) << "was not written: " << json::write(frame) << "; what was: " << json::write(wire_.left());
      EXPECT_EQ(*line, json::value(frame));
    } else {
      wire_.send(frame);
      expectTaken(frame);
    }
  }
  EXPECT_EQ(wire_.left(), json::array());
}

INSTANTIATE_TEST_SUITE_P(Conversations, PluginGoldenTest, testing::ValuesIn(conversations()), [](const auto& test) { return test.param; });

TEST(PluginGolden, EveryHostCallThatTheServerKnowsIsInAConversation) {
  std::set<std::string> known;
  for (const char* file : {"plugin.cc", "plugin_calls.cc"}) {
    const std::string code = textOf(fs::path(PATCHBAY_SOURCE_DIR "/src/plugins") / file);
    const std::regex name(R"re((?:handlers_\[|op == )"(\w+)")re");
    for (auto found = std::sregex_iterator(code.begin(), code.end(), name); found != std::sregex_iterator(); ++found) {
      known.insert((*found)[1]);
    }
  }
  for (const engine::StateOp& op : engine::stateOps()) {
    known.insert(op.name);
  }
  known.erase("stateSave");  // of components alone
  std::set<std::string> spoken;
  for (const std::string& conversation : conversations()) {
    for (const json::value& step : stepsOf(conversation)) {
      spoken.insert(json::getString(frameOf(step), "op"));
    }
  }
  spoken.erase("");
  EXPECT_EQ(known, spoken);
}

}  // namespace
}  // namespace patchbay::plugins
