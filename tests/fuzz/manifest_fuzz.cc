// Manifests, package.json, versions and ranges from outside: what is accepted is well formed, what
// is refused says why.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.h"
#include "connectors/manifest.h"
#include "connectors/package_plan.h"
#include "connectors/semver.h"

namespace {

using namespace patchbay;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void checkVerdict(const connectors::Verdict& verdict) {
  for (const connectors::Fault& fault : verdict.faults) {
    require(!fault.message.empty());
    (void)json::write(fault.toJson());
  }
}

void checkComponent(std::string_view text) {
  const auto manifest = connectors::readComponentManifest(text);
  checkVerdict(manifest);
  if (!manifest.isFine()) {
    return;
  }
  const connectors::Component& component = manifest.component;
  require(connectors::nameParts(component.name).size() == 4 && !component.label.empty());
  require(component.tickPeriodMs >= 0 && component.inPorts.size() <= 256);
  const connectors::Component again =
      connectors::describeComponent(json::parseOwn(json::write(component.manifest)));
  require(again.name == component.name && again.inPorts == component.inPorts &&
          again.outPorts == component.outPorts);
}

void checkVersions(std::string_view text) {
  const auto version = connectors::parseVersion(text);
  if (version) {
    require(connectors::parseVersion(version->text()) == version);
  }
  if (const auto range = connectors::Range::parse(text)) {
    (void)range->contains(*connectors::parseVersion(connectors::kEngineVersion));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  checkComponent(text);
  checkVerdict(connectors::readServiceManifest(text));
  checkVerdict(connectors::readModuleManifest(text));
  const auto bundle = connectors::readBundleManifest(text);
  checkVerdict(bundle);
  require(!bundle.isFine() || connectors::parseVersion(bundle.version.text()).has_value());
  checkVersions(text);
  const auto plan = connectors::planPackage("a/b", text, std::string(text));
  if (plan && !plan->document.empty()) {
    require(json::parse(plan->document, "plan").has_value());
    require(plan->document.find("://") == std::string::npos);
  }
  return 0;
}
