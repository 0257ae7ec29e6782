// A flow descriptor: the user's graph, checked and indexed for those who follow links
// (docs/formats/flow.md).
//
// Immutable once parsed, so safe from any thread; shared by pointer. It owns the JSON document:
// every pointer in Node and Link points into it and lives as long as the Descriptor. Errors:
// kInvalid with data [{componentId, message}] naming every rule that is broken; kTooLarge when
// there are too many components. Lenient: unknown keys are kept and mean nothing, links from
// components that do not exist are kept and never carry a message.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace patchbay::flows {

// LIMIT_FLOW_UPDATE_BYTES when the configuration says nothing.
inline constexpr std::size_t kDefaultFlowBytes = 2 * 1024 * 1024;
inline constexpr std::size_t kMaxComponents = 5000;
inline constexpr std::size_t kMaxComponentIdBytes = 128;
inline constexpr std::size_t kMaxPortBytes = 256;
inline constexpr std::size_t kMaxTypeBytes = 256;
inline constexpr int kMaxRetriesAllowed = 1000;

// The out port every component has beside those of its manifest.
inline constexpr std::string_view kErrorPortName = "error";

enum class OnError : std::uint8_t { kStoreUnprocessed, kErrorPort, kStopFlow };

struct ErrorHandling {
  bool autoRetry = true;
  std::optional<int> maxRetries;  // nothing = the system's default
  OnError onError = OnError::kStoreUnprocessed;
};

// One way into a component.
struct Link {
  std::string source;                             // component id; may name none of this flow
  std::string outPort;                            // of the source
  std::string inPort;                             // of the component that holds the link
  const boost::json::value* transform = nullptr;  // nothing = the payload is the content
};

struct Node {
  std::string id, type, label;
  std::string version;                             // as written; decides nothing (R13)
  std::vector<Link> incoming;                      // in the order written
  const boost::json::value* properties = nullptr;  // config.properties, an object
  const boost::json::value* transform = nullptr;   // config.transform, an object
  const boost::json::value* quota = nullptr;       // config.quota, an object
  const boost::json::value* manifest =
      nullptr;  // the instance's extension of its manifest, an object
  const boost::json::value* document = nullptr;  // the whole node
  ErrorHandling errorHandling;
};

// One way out of a port. `node` and `link` live in the Descriptor.
struct Target {
  const Node* node = nullptr;
  const Link* link = nullptr;  // inPort, transform
};

class Descriptor {
 public:
  // `flow`: the value of the flow document's key "flow".
  static base::Result<std::shared_ptr<const Descriptor>> parse(boost::json::value flow);

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  const boost::json::value& document() const { return document_; }
  const std::vector<Node>& nodes() const { return nodes_; }  // in the order written
  const Node* find(std::string_view componentId) const;
  // Where a message that leaves this port goes, in the order written; empty when nothing is linked.
  std::span<const Target> outgoing(std::string_view componentId, std::string_view outPort) const;

 private:
  Descriptor() = default;
  void index();

  using Ports = std::map<std::string, std::vector<Target>, std::less<>>;
  boost::json::value document_;
  std::vector<Node> nodes_;
  std::map<std::string_view, const Node*> byId_;
  std::map<std::string, Ports, std::less<>> outgoing_;
};

// vendor.service.module.Component, each part of letters, digits and underscores.
bool isComponentType(std::string_view type);

}  // namespace patchbay::flows
