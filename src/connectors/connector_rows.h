// Every connector a server knows of, as administrators see it: what is installed joined with what
// catalogues offer (rest-api §29.1, §29.2).
//
// Threads: safe from any thread. rows and detail read no rows of the store; versions reads one per
// known revision, download reads files: they block. Ownership: registry, catalogues and store must
// outlive it. Errors: kNotFound for a name that is neither installed, nor on offer, nor in the
// trash; kInvalid for a version that is none; kConflict for one that is not at hand.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "connectors/catalogues.h"
#include "connectors/icon.h"
#include "connectors/registry.h"
#include "store/store.h"

namespace patchbay::connectors {

struct ConnectorZip {
  std::string name, version;
  std::string bytes;
};

class ConnectorRows {
 public:
  // The ticket of the operation that works on a connector now.
  using Operation = std::function<std::optional<std::string>(const std::string& name)>;

  ConnectorRows(const Registry& registry, const Catalogues& catalogues, store::Store& store,
                Operation operation)
      : registry_(registry),
        catalogues_(catalogues),
        store_(store),
        operation_(std::move(operation)) {}

  boost::json::array rows() const;  // by name
  // The row with components, versions, engine, modules, auth {service, type, requiredKeys} and
  // quota {name}; these two are null where there is none.
  base::Result<boost::json::object> detail(const std::string& name) const;
  // Newest first: {version, revision, installed, trashed, offered, engine, compatible, installedAt,
  // trashedAt}.
  base::Result<boost::json::array> versions(const std::string& name) const;
  // `from` is exclusive and empty for the installed version, "0" for all; `to` is inclusive and
  // empty for the newest known.
  base::Result<boost::json::array> changelog(const std::string& name, std::string_view from,
                                             std::string_view to) const;
  // Empty version: the installed one, else the newest on offer.
  base::Result<ConnectorZip> download(const std::string& name, std::string_view version) const;
  base::Result<Icon> icon(const std::string& name) const;

 private:
  // One connector: installed, on offer, or both.
  struct Known {
    std::string name;
    std::shared_ptr<const Revision> installed;
    std::vector<const Offer*> offers;  // newest first; live in `catalogue`
    std::shared_ptr<const Catalogue> catalogue;
    const Offer* available() const;  // the newest that fits, else the newest; may be null
    bool hasUpdate() const;
  };
  std::vector<Known> all() const;
  base::Result<Known> find(const std::string& name) const;
  boost::json::object row(const Known& known) const;

  const Registry& registry_;
  const Catalogues& catalogues_;
  store::Store& store_;
  Operation operation_;
};

}  // namespace patchbay::connectors
