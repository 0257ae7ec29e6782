#include "updates/order_staging.h"

#include <utility>

#include "base/json.h"

namespace patchbay::updates {

namespace {

std::string serviceOf(const std::string& bundle) {
  const auto parts = connectors::pathParts(connectors::dottedToPath(bundle));
  return parts.at(0) + "/" + parts.at(1);
}

// A catalogue's zip is what its row says; what is published may hold anything.
base::Status checkContents(const Operation& operation, const connectors::Staged& staged) {
  if (operation.action == Action::kPublish ||
      (staged.bundles.size() == 1 &&
       staged.bundles.front() == std::pair(operation.name, operation.to))) {
    return {};
  }
  return base::fail(base::Code::kBundleRefused,
                    "The catalogue's zip does not hold " + operation.name + " " + operation.to +
                        " and nothing else. Nothing was changed: tell who made the catalogue.");
}

}  // namespace

base::Status OrderStaging::run(Operation& operation, const Order& order,
                               const std::filesystem::path& staging, Ready& ready) {
  base::Status staged;
  if (order.archive) {
    staged = stageArchive(operation, order, staging, ready);
  } else if (order.selector) {
    staged = stageRemoval(operation, *order.selector, staging, ready);
  } else {
    staged = takeRevisions(operation, order, ready);
  }
  if (staged) {
    noteRevisions(operation, ready);
  }
  return staged;
}

base::Status OrderStaging::claim(const Operation& operation, const std::set<std::string>& services,
                                 Ready& ready) {
  if (auto claimed = bundles_.claim(services, stopped_)) {
    ready.claimed.emplace(std::move(*claimed));
    return progress_.mayGoOn(operation);
  }
  return base::fail(base::Code::kUnavailable, "The server stops. Nothing was changed.");
}

base::Status OrderStaging::stageArchive(Operation& operation, const Order& order,
                                        const std::filesystem::path& staging, Ready& ready) {
  auto archive = order.archive();
  if (!archive) {
    return archive.error();
  }
  ready.rights = archive->rights;
  const auto layout = stager_.unpack(*archive, staging);
  if (!layout) {
    return layout.error();
  }
  if (base::Status claimed = claim(operation, layout->services, ready); !claimed) {
    return claimed;
  }
  auto staged = stager_.stage(*layout, archive->replaceAll, staging, [&](std::string_view step) {
    if (step == "inspect" && operation.phase < Phase::kVerify) {
      operation.phase = Phase::kVerify;
      progress_.show(operation);
    }
  });
  if (!staged) {
    return staged.error();
  }
  if (base::Status contents = checkContents(operation, *staged); !contents) {
    return contents;
  }
  noteArchive(operation, *staged);
  ready.activation = std::move(staged->activation);
  return {};
}

void OrderStaging::noteArchive(Operation& operation, connectors::Staged& staged) const {
  operation.warnings = std::move(staged.warnings);
  operation.bundles.clear();
  for (const auto& [name, version] : staged.bundles) {
    operation.bundles.push_back(json::object{{"name", name}, {"version", version}});
  }
  if (operation.action == Action::kPublish && staged.bundles.size() == 1) {
    std::tie(operation.name, operation.to) = staged.bundles.front();
    const auto current = registry_.current(operation.name);
    operation.from = current ? current->version : "";
  }
}

base::Status OrderStaging::stageRemoval(const Operation& operation,
                                        const connectors::Selector& selector,
                                        const std::filesystem::path& staging, Ready& ready) {
  if (base::Status claimed = claim(operation, {selector.service()}, ready); !claimed) {
    return claimed;
  }
  auto cuts =
      connectors::stageCuts(registry_, maker_, connectors::cutsOf(registry_, selector), staging);
  if (!cuts) {
    return cuts.error();
  }
  ready.activation = std::move(*cuts);
  return {};
}

base::Status OrderStaging::takeRevisions(const Operation& operation, const Order& order,
                                         Ready& ready) {
  std::set<std::string> services;
  for (const auto& [bundle, revision] : order.revisions) {
    services.insert(serviceOf(bundle));
  }
  if (base::Status claimed = claim(operation, services, ready); !claimed) {
    return claimed;
  }
  for (const auto& [bundle, revision] : order.revisions) {
    const auto current = registry_.current(bundle);
    if (revision.empty()) {
      ready.activation.removed.push_back(bundle);
    } else if (!registry_.byId(revision)) {
      return base::fail(base::Code::kNotFound,
                        "Revision " + revision + " is no longer kept. Nothing was changed.");
    } else if (!current || current->id != revision) {
      ready.activation.known.push_back(revision);
    }
  }
  return {};
}

// The restore point.
void OrderStaging::noteRevisions(Operation& operation, const Ready& ready) const {
  operation.before.clear();
  operation.after.clear();
  const auto note = [&](const std::string& bundle, const std::string& after) {
    const auto current = registry_.current(bundle);
    operation.before[bundle] = current ? current->id : "";
    operation.after[bundle] = after;
  };
  for (const connectors::StagedRevision& fresh : ready.activation.fresh) {
    note(fresh.revision->bundle, fresh.revision->id);
  }
  for (const std::string& id : ready.activation.known) {
    note(registry_.byId(id)->bundle, id);
  }
  for (const std::string& bundle : ready.activation.removed) {
    note(bundle, "");
  }
}

}  // namespace patchbay::updates
