#include "flows/descriptor.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/json.h"

namespace patchbay::flows {
namespace {

using boost::json::object;
using boost::json::value;

bool isWordChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool isComponentId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxComponentIdBytes && id != "__proto__" &&
         std::all_of(id.begin(), id.end(),
                     [](char c) { return isWordChar(c) || c == '-' || c == ' '; });
}

// What breaks a rule, gathered over the whole descriptor and bounded so that a hostile one gets a
// short answer.
class Problems {
 public:
  void add(std::string_view componentId, std::string message) {
    if (list_.size() < kMost) {
      list_.push_back(
          object{{"componentId", shorten(componentId)}, {"message", std::move(message)}});
    }
  }
  bool none() const { return list_.empty(); }
  base::Error error() const {
    const object& first = list_.front().get_object();
    std::string message = "The flow was not saved: component ";
    message += first.at("componentId").get_string();
    message += ": ";
    message += first.at("message").get_string();
    if (list_.size() > 1) {
      message += " There are more problems; see data.";
    }
    return base::fail(base::Code::kInvalid, std::move(message), list_);
  }
  static std::string shorten(std::string_view text) {
    return std::string(text.substr(0, kMaxComponentIdBytes));
  }

 private:
  static constexpr std::size_t kMost = 100;
  boost::json::array list_;
};

// Reads one node; problems are reported under its id.
class NodeReader {
 public:
  NodeReader(std::string_view id, const value& document, Problems& problems)
      : problems_(problems), document_(document) {
    node_.id = std::string(id);
    node_.document = &document;
  }

  Node read() {
    if (!document_.is_object()) {
      report("A component must be an object with at least \"type\".");
      return std::move(node_);
    }
    readIdentity();
    readConfig();
    readSource();
    readErrorHandling();
    node_.manifest = objectAt(document_.get_object(), "manifest", "manifest");
    return std::move(node_);
  }

 private:
  void report(std::string message) { problems_.add(node_.id, std::move(message)); }

  // A member that may be absent or null and must be an object otherwise.
  const value* objectAt(const object& holder, std::string_view key, std::string_view path) {
    const value* member = json::find(holder, key);
    if (member == nullptr || member->is_null()) {
      return nullptr;
    }
    if (!member->is_object()) {
      report("\"" + std::string(path) + "\" must be an object.");
      return nullptr;
    }
    return member;
  }

  void readIdentity() {
    const object& document = document_.get_object();
    if (!isComponentId(node_.id)) {
      report("A component id has 1 to 128 letters, digits, underscores, hyphens or spaces.");
    }
    node_.type = json::getString(document, "type");
    if (!isComponentType(node_.type)) {
      report("\"type\" must be a component type of the form vendor.service.module.Component.");
    }
    node_.label = json::getString(document, "label");
    node_.version = json::getString(document, "version");
  }

  void readConfig() {
    const value* config = objectAt(document_.get_object(), "config", "config");
    if (config == nullptr) {
      return;
    }
    const object& members = config->get_object();
    node_.properties = objectAt(members, "properties", "config.properties");
    node_.transform = objectAt(members, "transform", "config.transform");
    node_.quota = objectAt(members, "quota", "config.quota");
  }

  void readSource() {
    const value* source = objectAt(document_.get_object(), "source", "source");
    if (source == nullptr) {
      return;
    }
    for (const auto& [inPort, upstream] : source->get_object()) {
      if (!checkPort(inPort, "source")) {
        continue;
      }
      if (!upstream.is_object()) {
        report("\"source." + std::string(inPort) + "\" must be an object of component ids.");
        continue;
      }
      for (const auto& [id, ports] : upstream.get_object()) {
        readLinks(inPort, id, ports);
      }
    }
  }

  void readLinks(std::string_view inPort, std::string_view id, const value& ports) {
    if (!isComponentId(id)) {
      report("\"source." + std::string(inPort) + "\" names something that is not a component id.");
      return;
    }
    if (ports.is_string()) {
      addLink(inPort, id, ports);
      return;
    }
    if (!ports.is_array()) {
      report("\"source." + std::string(inPort) + "." + std::string(id) +
             "\" must be an array of out port names.");
      return;
    }
    for (const value& port : ports.get_array()) {
      addLink(inPort, id, port);
    }
  }

  void addLink(std::string_view inPort, std::string_view id, const value& port) {
    if (!port.is_string()) {
      report("\"source." + std::string(inPort) + "." + std::string(id) +
             "\" must hold out port names as strings.");
      return;
    }
    const std::string_view outPort = port.get_string();
    if (!checkPort(outPort, "source")) {
      return;
    }
    if (!seen_.insert(std::string(inPort) + '\n' + std::string(id) + '\n' + std::string(outPort))
             .second) {
      return;  // written twice: one link
    }
    node_.incoming.push_back(Link{std::string(id), std::string(outPort), std::string(inPort),
                                  transformOf(inPort, id, outPort)});
  }

  const value* transformOf(std::string_view inPort, std::string_view id, std::string_view outPort) {
    const value* at = node_.transform;
    for (const std::string_view key : {inPort, id, outPort}) {
      at = at == nullptr || !at->is_object() ? nullptr : json::find(at->get_object(), key);
    }
    return at == nullptr || at->is_null() ? nullptr : at;
  }

  bool checkPort(std::string_view port, std::string_view where) {
    if (!port.empty() && port.size() <= kMaxPortBytes) {
      return true;
    }
    report("\"" + std::string(where) +
           "\" holds a port name that is empty or longer than 256 bytes.");
    return false;
  }

  void readErrorHandling() {
    const value* rules = objectAt(document_.get_object(), "errorHandling", "errorHandling");
    if (rules == nullptr) {
      return;
    }
    const object& members = rules->get_object();
    readAutoRetry(members);
    readMaxRetries(members);
    readOnError(members);
  }

  void readAutoRetry(const object& members) {
    const value* autoRetry = json::find(members, "autoRetry");
    if (autoRetry == nullptr || autoRetry->is_null()) {
      return;
    }
    if (!autoRetry->is_bool()) {
      report("\"errorHandling.autoRetry\" must be true or false.");
      return;
    }
    node_.errorHandling.autoRetry = autoRetry->get_bool();
  }

  void readMaxRetries(const object& members) {
    const value* maxRetries = json::find(members, "maxRetries");
    if (maxRetries == nullptr || maxRetries->is_null()) {
      return;
    }
    const auto count = json::getInt(members, "maxRetries");
    if (!count || *count < 0 || *count > kMaxRetriesAllowed) {
      report("\"errorHandling.maxRetries\" must be a whole number from 0 to 1000.");
      return;
    }
    node_.errorHandling.maxRetries = static_cast<int>(*count);
  }

  void readOnError(const object& members) {
    const value* onError = json::find(members, "onError");
    if (onError == nullptr || onError->is_null()) {
      return;
    }
    const std::string word = json::getString(members, "onError");
    if (word == "storeUnprocessed") {
      node_.errorHandling.onError = OnError::kStoreUnprocessed;
    } else if (word == "errorPort") {
      node_.errorHandling.onError = OnError::kErrorPort;
    } else if (word == "stopFlow") {
      node_.errorHandling.onError = OnError::kStopFlow;
    } else {
      report("\"errorHandling.onError\" must be storeUnprocessed, errorPort or stopFlow.");
    }
  }

  Problems& problems_;
  const value& document_;
  Node node_;
  std::set<std::string> seen_;
};

}  // namespace

bool isComponentType(std::string_view type) {
  if (type.size() > kMaxTypeBytes) {
    return false;
  }
  int parts = 0;
  std::size_t start = 0;
  while (true) {
    const std::size_t dot = type.find('.', start);
    const std::string_view part = type.substr(start, dot - start);
    if (part.empty() || !std::all_of(part.begin(), part.end(), isWordChar)) {
      return false;
    }
    ++parts;
    if (dot == std::string_view::npos) {
      return parts == 4;
    }
    start = dot + 1;
  }
}

base::Result<std::shared_ptr<const Descriptor>> Descriptor::parse(value flow) {
  if (!flow.is_object()) {
    return base::fail(base::Code::kInvalid,
                      "\"flow\" must be an object whose keys are component ids.");
  }
  if (flow.get_object().size() > kMaxComponents) {
    return base::fail(base::Code::kTooLarge, "\"flow\" has more than " +
                                                 std::to_string(kMaxComponents) +
                                                 " components; split it into several flows.");
  }
  std::shared_ptr<Descriptor> descriptor(new Descriptor());
  descriptor->document_ = std::move(flow);
  const object& nodes = descriptor->document_.get_object();
  descriptor->nodes_.reserve(nodes.size());
  Problems problems;
  for (const auto& [id, document] : nodes) {
    descriptor->nodes_.push_back(NodeReader(id, document, problems).read());
  }
  if (!problems.none()) {
    return problems.error();
  }
  descriptor->index();
  return std::shared_ptr<const Descriptor>(std::move(descriptor));
}

void Descriptor::index() {
  for (const Node& node : nodes_) {
    byId_.emplace(node.id, &node);
    for (const Link& link : node.incoming) {
      outgoing_[link.source][link.outPort].push_back(Target{&node, &link});
    }
  }
}

const Node* Descriptor::find(std::string_view componentId) const {
  const auto found = byId_.find(componentId);
  return found == byId_.end() ? nullptr : found->second;
}

std::span<const Target> Descriptor::outgoing(std::string_view componentId,
                                             std::string_view outPort) const {
  const auto ports = outgoing_.find(componentId);
  if (ports == outgoing_.end()) {
    return {};
  }
  const auto targets = ports->second.find(outPort);
  return targets == ports->second.end() ? std::span<const Target>()
                                        : std::span<const Target>(targets->second);
}

}  // namespace patchbay::flows
