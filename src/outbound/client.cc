#include "outbound/client.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace patchbay::outbound {

namespace {

constexpr long kConnectMillis = 10'000;
constexpr long kMostConnections = 64;
constexpr long kIdleSeconds = 60;
constexpr int kLongestSleepMillis = 60'000;

// curl's global state lives as long as the process.
void startCurlOnce() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
      throw std::runtime_error("libcurl does not start");
    }
  });
}

template <typename Value>
void set(CURL* handle, CURLoption option, Value value) {
  if (curl_easy_setopt(handle, option, value) != CURLE_OK) {
    throw std::runtime_error("libcurl refused an option");
  }
}

// One request under way. libcurl holds its address: it does not move.
class Call {
 public:
  Call(Request request, Client::Told told, AddressPolicy policy)
      : request_(std::move(request)),
        told_(std::move(told)),
        policy_(policy),
        handle_(curl_easy_init()) {
    if (handle_ == nullptr) {
      throw std::runtime_error("libcurl gave no handle");
    }
    setUp();
  }
  ~Call() {
    curl_easy_cleanup(handle_);
    curl_slist_free_all(headers_);
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  CURL* handle() const { return handle_; }
  void tell(base::Result<Answer> answer) { told_(std::move(answer)); }
  void tell(CURLcode code) { told_(outcome(code)); }

 private:
  void setUp();
  base::Result<Answer> outcome(CURLcode code);
  static std::size_t onBody(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t onSocket(void* self, curlsocktype purpose, curl_sockaddr* address);

  Request request_;
  Client::Told told_;
  AddressPolicy policy_;
  CURL* handle_;
  curl_slist* headers_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> reason_{};
  Answer answer_;
  bool cut_ = false, refused_ = false;
};

void Call::setUp() {
  for (const std::string& header : request_.headers) {
    headers_ = curl_slist_append(headers_, header.c_str());
  }
  headers_ = curl_slist_append(headers_, "Expect:");
  set(handle_, CURLOPT_URL, request_.url.c_str());
  set(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle_, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle_, CURLOPT_PROXY, "");
  set(handle_, CURLOPT_NOSIGNAL, 1L);
  set(handle_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(handle_, CURLOPT_POST, 1L);
  set(handle_, CURLOPT_POSTFIELDS, request_.body.data());
  set(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  set(handle_, CURLOPT_HTTPHEADER, headers_);
  set(handle_, CURLOPT_USERAGENT, "Patchbay");
  set(handle_, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
  set(handle_, CURLOPT_CONNECTTIMEOUT_MS, kConnectMillis);
  set(handle_, CURLOPT_MAXAGE_CONN, kIdleSeconds);
  set(handle_, CURLOPT_WRITEFUNCTION, &Call::onBody);
  set(handle_, CURLOPT_WRITEDATA, this);
  set(handle_, CURLOPT_OPENSOCKETFUNCTION, &Call::onSocket);
  set(handle_, CURLOPT_OPENSOCKETDATA, this);
  set(handle_, CURLOPT_ERRORBUFFER, reason_.data());
  set(handle_, CURLOPT_PRIVATE, this);
}

std::size_t Call::onBody(char* data, std::size_t size, std::size_t count, void* self) {
  auto& call = *static_cast<Call*>(self);
  const std::size_t bytes = size * count;
  const std::size_t room = call.request_.maxAnswerBytes - call.answer_.body.size();
  call.answer_.body.append(data, std::min(bytes, room));
  call.cut_ = bytes > room;
  return call.cut_ ? 0 : bytes;
}

curl_socket_t Call::onSocket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& call = *static_cast<Call*>(self);
  if (!call.policy_.allows(kindOf(&address->addr))) {
    call.refused_ = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

base::Result<Answer> Call::outcome(CURLcode code) {
  if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && cut_)) {
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<int>(status);
    return std::move(answer_);
  }
  const std::string reason = reason_[0] != '\0' ? reason_.data() : curl_easy_strerror(code);
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return base::fail(base::Code::kInvalid, "This is no http or https URL: " + reason);
    case CURLE_OPERATION_TIMEDOUT:
      return base::fail(base::Code::kDeadline, reason);
    default:
      break;
  }
  if (refused_) {
    return base::fail(base::Code::kForbidden,
                      "The address of this host may not be reached from here: link-local and "
                      "metadata addresses never, private "
                      "ones only while OUTBOUND_PRIVATE_ADDRESSES is true.");
  }
  return base::fail(base::Code::kUnavailable, reason);
}

}  // namespace

class Client::Engine {
 public:
  Engine() : multi_(start()), thread_([this] { run(); }) {}

  ~Engine() {
    ending_ = true;
    curl_multi_wakeup(multi_);
    thread_.join();
    curl_multi_cleanup(multi_);
  }

  void setPolicy(AddressPolicy policy) {
    const std::lock_guard lock(mutex_);
    policy_ = policy;
  }

  void post(Request request, Told told) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::make_unique<Call>(std::move(request), std::move(told), policy_));
    }
    curl_multi_wakeup(multi_);
  }

 private:
  using CallPtr = std::unique_ptr<Call>;

  static CURLM* start() {
    startCurlOnce();
    CURLM* multi = curl_multi_init();
    if (multi == nullptr) {
      throw std::runtime_error("libcurl gave no multi handle");
    }
    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, kMostConnections);
    return multi;
  }

  void run() {
    while (!ending_) {
      takeWaiting();
      int running = 0;
      curl_multi_perform(multi_, &running);
      tellFinished();
      curl_multi_poll(multi_, nullptr, 0, kLongestSleepMillis, nullptr);
    }
    takeWaiting();
    for (auto& [handle, call] : calls_) {
      curl_multi_remove_handle(multi_, handle);
      call->tell(base::fail(base::Code::kUnavailable, "The server is stopping."));
    }
    calls_.clear();
  }

  void takeWaiting() {
    std::vector<CallPtr> taken;
    {
      const std::lock_guard lock(mutex_);
      taken.swap(waiting_);
    }
    for (CallPtr& call : taken) {
      CURL* handle = call->handle();
      curl_multi_add_handle(multi_, handle);
      calls_.emplace(handle, std::move(call));
    }
  }

  void tellFinished() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) {
        continue;
      }
      const CURLcode code = message->data.result;
      CURL* handle = message->easy_handle;
      curl_multi_remove_handle(multi_, handle);
      const auto found = calls_.find(handle);
      const CallPtr call = std::move(found->second);
      calls_.erase(found);
      call->tell(code);
    }
  }

  std::mutex mutex_;
  std::vector<CallPtr> waiting_;  // under mutex_
  AddressPolicy policy_;          // under mutex_
  std::atomic<bool> ending_{false};
  CURLM* multi_;
  std::map<CURL*, CallPtr> calls_;  // the thread's
  std::thread thread_;              // last: uses all above
};

Client::Client() : engine_(std::make_unique<Engine>()) {}
Client::~Client() = default;
void Client::setPolicy(AddressPolicy policy) {
  engine_->setPolicy(policy);
}
void Client::post(Request request, Told told) {
  engine_->post(std::move(request), std::move(told));
}

}  // namespace patchbay::outbound
