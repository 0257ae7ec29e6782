// Flow documents from outside: parsing, validation, cloning and reading back must hold for any bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json.h"
#include "base/random.h"
#include "connectors/registry.h"
#include "flows/descriptor.h"
#include "flows/flow_clone.h"
#include "flows/flow_document.h"
#include "flows/validation.h"

namespace {

using namespace patchbay;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

// Every link of a parsed flow is a way out of its source, and nothing but the links is.
void checkGraph(const flows::Descriptor& flow) {
  std::size_t links = 0, ways = 0;
  for (const flows::Node& node : flow.nodes()) {
    require(flow.find(node.id) == &node);
    for (const flows::Link& link : node.incoming) {
      ++links;
      bool found = false;
      for (const flows::Target& target : flow.outgoing(link.source, link.outPort)) {
        found = found || (target.node == &node && target.link == &link);
      }
      require(found);
    }
  }
  std::set<std::pair<std::string, std::string>> ports;
  for (const flows::Node& node : flow.nodes()) {
    for (const flows::Link& link : node.incoming) {
      if (ports.emplace(link.source, link.outPort).second) {
        ways += flow.outgoing(link.source, link.outPort).size();
      }
    }
  }
  require(links == ways);
}

void checkClone(const json::value& flow) {
  base::SystemRandom random;
  const flows::IdMap ids = flows::newComponentIds(flow, random);
  const json::value clone = flows::rewriteFlow(flow, ids, {});
  require(clone.as_object().size() == flow.as_object().size());
  require(flows::Descriptor::parse(clone).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto body = json::parse(text, "The fuzzed flow");
  if (!body || !body->is_object()) {
    return 0;
  }
  json::object document;
  if (!flows::mergeWrite(body->get_object(), document)) {
    return 0;
  }
  json::value* flow = document.if_contains("flow");
  if (flow == nullptr) {
    return 0;
  }
  auto descriptor = flows::Descriptor::parse(*flow);
  if (!descriptor) {
    require(descriptor.error().code == base::Code::kInvalid || descriptor.error().code == base::Code::kTooLarge);
    return 0;
  }
  static const connectors::Registry registry;
  checkGraph(**descriptor);
  checkClone(*flow);
  const auto problems = flows::validate(**descriptor, registry, {});
  require(problems.size() >= (*descriptor)->nodes().size() || problems.size() == 1000);  // none is installed
  flows::resolveVersions(*flow, registry);
  require(json::write(*flow) == json::write((*descriptor)->document()));
  return 0;
}
