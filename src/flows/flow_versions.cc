#include "flows/flow_versions.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "flows/detail/setting_number.h"
#include "store/flow_versions.h"

namespace patchbay::flows {

namespace {

using boost::json::object;

// In characters: UTF-8 without its continuation bytes.
std::int64_t lengthOf(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
}

object wireVersion(const store::FlowVersionRecord& version) {
  return object{
      {"versionId", version.versionId},
      {"versionNumber", version.number},
      {"type", version.type},
      {"label", version.label.empty() ? json::value(nullptr) : json::value(version.label)},
      {"btime", base::toIso(base::fromMillis(version.btime))}};
}

std::int64_t add(store::Transaction& rows, const store::FlowVersionRecord& version) {
  const std::int64_t number = rows.flowVersions().add(version);
  const std::int64_t most =
      std::min(settingNumber(rows, "FLOW_VERSIONS_MAX", kDefaultVersions), kMostVersions);
  const bool manual = version.type == "manual";
  rows.flowVersions().trim(version.flowId,
                           manual ? store::VersionGroup::kManual : store::VersionGroup::kAutomatic,
                           most);
  return number;
}

}  // namespace

void keepReplaced(store::Transaction& rows, const std::string& flowId, std::string descriptor,
                  std::string versionId, std::int64_t now) {
  const auto newest = rows.flowVersions().newest(flowId);
  if (!newest || newest->descriptor != descriptor) {
    add(rows, {std::move(versionId), flowId, 0, "update", "", now, std::move(descriptor)});
  }
}

base::Result<object> FlowVersions::list(const access::Caller& caller, const std::string& flowId,
                                        std::int64_t offset, std::int64_t limit) {
  if (auto flow = flows_.find(caller, flowId, Right::kWrite); !flow) {
    return flow.error();
  }
  json::array items;
  std::int64_t total = 0;
  const auto reader = [&](store::Transaction& rows) {
    for (const store::FlowVersionRecord& version :
         rows.flowVersions().list(flowId, offset, limit)) {
      items.push_back(wireVersion(version));
    }
    total = rows.flowVersions().count(flowId);
  };
  if (auto status = store_.read(reader); !status) {
    return status.error();
  }
  return object{{"items", std::move(items)}, {"totalCount", total}};
}

base::Result<object> FlowVersions::get(const access::Caller& caller, const std::string& flowId,
                                       const std::string& versionId) {
  if (auto flow = flows_.find(caller, flowId, Right::kWrite); !flow) {
    return flow.error();
  }
  std::optional<store::FlowVersionRecord> version;
  const auto reader = [&](store::Transaction& rows) {
    version = rows.flowVersions().byId(flowId, versionId);
  };
  if (auto status = store_.read(reader); !status) {
    return status.error();
  }
  if (!version) {
    return base::fail(base::Code::kNotFound,
                      "Version " + versionId + " of the flow was not found.");
  }
  object wire = wireVersion(*version);
  wire["flow"] = json::parseOwn(version->descriptor);
  return wire;
}

base::Result<object> FlowVersions::keep(const access::Caller& caller, const std::string& flowId,
                                        const std::string& type, const std::string& label) {
  if (type != "manual" && type != "autosave") {
    return base::fail(base::Code::kInvalid, "\"type\" must be manual or autosave.");
  }
  if (lengthOf(label) > kMaxVersionLabel) {
    return base::fail(base::Code::kInvalid, "\"label\" may have 255 characters.");
  }
  auto flow = flows_.find(caller, flowId, Right::kWrite);
  if (!flow) {
    return flow.error();
  }
  const json::value document = json::parseOwn(flow->document);
  store::FlowVersionRecord version{
      base::newUuid(random_),          flowId, 0, type, label, base::toMillis(clock_.now()),
      json::write(document.at("flow"))};
  auto status = store_.write([&version](store::Transaction& rows) -> base::Status {
    if (!rows.flows().byId(version.flowId)) {
      return flowNotFound(version.flowId);
    }
    version.number = add(rows, version);
    return {};
  });
  return status ? base::Result<object>(wireVersion(version)) : base::Result<object>(status.error());
}

}  // namespace patchbay::flows
