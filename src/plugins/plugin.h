// One plugin.js of one revision: its call that lasts as long as it is up, and the calls it is given.
//
// Life: begin() → starting → up (pluginUp) or failed → after a while starting again, for as long as nobody ends it. A lost process is the
// same as a failure; its open requests are answered 503.
// Threads: the loop. Ownership: its Plugins; it cancels its calls when it goes.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/executor.h"
#include "plugins/answer_stream.h"
#include "plugins/plugin_files.h"
#include "runtime/runtime.h"

namespace patchbay::plugins {

// What came to a path below the plugin's own.
struct PluginRequest {
  std::string method;
  std::string path;     // below /plugins/<name>, with the query, as sent
  std::string headers;  // JSON object, names in lower case
  std::string body;
  std::string user;     // JSON: {id, email, username, scope} or null
  std::string remoteAddress, hostname;
};

struct PluginAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::shared_ptr<AnswerStream> stream;  // in place of body
};
using PluginRespond = std::function<void(base::Result<PluginAnswer>)>;  // once, on the loop

enum class PluginState : std::uint8_t { kStarting, kUp, kFailed };

class Plugin final : public runtime::CallListener {
 public:
  // What a plugin asks of the server, except what this class answers itself. Must outlive its plugins.
  class Host {
   public:
    virtual ~Host() = default;
    virtual void onHostCall(Plugin& plugin, std::uint64_t q, std::string_view op, std::string_view arguments) = 0;
    // Its own call is over: answers that come later must not reach the next one, which numbers its questions anew.
    virtual void onDown(const Plugin& plugin) = 0;
  };

  Plugin(runtime::Runtime& runtime, base::Executor& loop, Host& host, std::shared_ptr<const connectors::Revision> revision,
         std::shared_ptr<const runtime::WorkerSpec> spec, PluginFile file, boost::json::object configuration);
  ~Plugin() override;

  void begin();
  void request(PluginRequest request, PluginRespond respond);
  // `listener`: JSON. Told the params to keep, JSON.
  void listenerAdded(const std::string& listener, std::function<void(base::Result<std::string>)> told);
  void reply(std::uint64_t q, std::string_view json) { runtime_.reply(call_, q, json); }
  void replyError(std::uint64_t q, std::string_view err) { runtime_.replyError(call_, q, err); }

  const PluginFile& file() const { return file_; }
  const connectors::Revision& revision() const { return *revision_; }
  PluginState state() const { return state_; }
  const std::string& error() const { return error_; }
  const boost::json::value& routes() const { return routes_; }  // as pluginUp told them
  const boost::json::value& jobs() const { return jobs_; }

  void onHost(runtime::CallId call, std::uint64_t q, std::string_view op, std::string_view arguments) override;
  void onEmit(runtime::CallId call, std::optional<std::uint64_t> q, std::span<const runtime::Send> sends) override;
  void onLog(runtime::CallId call, std::string_view level, std::string_view message, std::string_view data) override;
  void onDone(runtime::CallId call, const runtime::Done& done) override;
  void onFail(runtime::CallId call, const runtime::Failure& failure) override;
  void onLost(runtime::CallId call, const runtime::Loss& loss) override;

 private:
  struct Pending {  // a request, or a question about a listener
    PluginRespond respond;
    std::function<void(base::Result<std::string>)> told;
    std::shared_ptr<AnswerStream> stream;
    base::TimerId timer = 0;
  };

  void start();
  void startedOrNot();
  void failed(std::string error);
  base::Result<runtime::CallId> callWith(std::string members);
  void ask(std::string members, Pending pending);
  static void refuse(const Pending& pending, base::Error error);
  void onUp(std::uint64_t q, std::string_view arguments);
  void onAnswerHead(runtime::CallId call, std::uint64_t q, std::string_view arguments);
  void onAnswerPiece(runtime::CallId call, std::uint64_t q, std::string_view arguments);
  void end(runtime::CallId call, base::Result<std::string> value);
  void giveUp(runtime::CallId call, base::Error error);

  runtime::Runtime& runtime_;
  base::Executor& loop_;
  Host& host_;
  std::shared_ptr<const connectors::Revision> revision_;
  std::shared_ptr<const runtime::WorkerSpec> spec_;
  PluginFile file_;
  boost::json::object configuration_;
  PluginState state_ = PluginState::kStarting;
  std::string error_;
  boost::json::value routes_, jobs_;
  runtime::CallId call_ = 0;  // its own
  std::unordered_map<runtime::CallId, Pending> pending_;
  base::TimerId timer_ = 0;  // until it is started again, or must be up
  int failures_ = 0;         // in a row
  std::vector<std::function<void()>> waiting_;  // what came while it was starting
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

std::string_view stateText(PluginState state);

}  // namespace patchbay::plugins
