#include "connectors/bundle_summary.h"

#include <algorithm>

#include "base/json.h"
#include "connectors/file_tree.h"
#include "connectors/manifest.h"

namespace patchbay::connectors {
namespace {

const App* named(const std::vector<App>& apps, const std::string& name) {
  const auto at =
      std::find_if(apps.begin(), apps.end(), [&](const App& app) { return app.name == name; });
  return at == apps.end() ? nullptr : &*at;
}

App plainApp(const std::string& bundle) {
  return describeApp(json::object{{"name", bundle},
                                  {"label", bundle.substr(bundle.rfind('.') + 1)},
                                  {"category", ""},
                                  {"description", ""},
                                  {"icon", ""}});
}

}  // namespace

App appOfBundle(const std::string& bundle, const std::vector<App>& apps,
                const std::filesystem::path& serviceManifest) {
  for (const std::string& name : {bundle, serviceOf(bundle)}) {
    if (const App* app = named(apps, name)) {
      return *app;
    }
  }
  std::error_code ignored;
  if (std::filesystem::is_regular_file(serviceManifest, ignored)) {
    const auto text = readFile(serviceManifest, kMaxManifestBytes);
    AppManifest manifest = text ? readServiceManifest(*text) : AppManifest();
    if (text && manifest.isFine()) {
      return std::move(manifest.app);
    }
  }
  return apps.empty() ? plainApp(bundle) : apps.front();
}

json::object componentSummary(const Component& component) {
  json::object summary{
      {"name", component.name},
      {"label", component.label},
      {"description", component.manifest.is_object()
                          ? json::getString(component.manifest.get_object(), "description")
                          : ""},
      {"kind", component.isTrigger() ? "trigger" : "action"}};
  if (component.isPrivate) {
    summary["private"] = true;
  }
  return summary;
}

std::string vendorOf(std::string_view bundle) {
  return std::string(bundle.substr(0, bundle.find('.')));
}

std::string serviceOf(std::string_view bundle) {
  const std::size_t dot = bundle.find('.');
  return std::string(
      bundle.substr(0, dot == std::string_view::npos ? dot : bundle.find('.', dot + 1)));
}

}  // namespace patchbay::connectors
