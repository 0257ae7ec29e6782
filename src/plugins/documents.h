// The documents of a plugin's collections (component-runtime §9: db.collection, db.Model), as rows of the state table.
//
// Ids and documents are the plugin's own; a document is a JSON object. Threads: within a store transaction.
// Errors: kTooLarge, kInvalid; nothing was written.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/result.h"
#include "store/store.h"

namespace patchbay::plugins {

inline constexpr std::size_t kLargestDocument = 16U << 20U;
inline constexpr std::size_t kLargestPage = 500;
inline constexpr std::size_t kMostInOneWrite = 10'000;

// {"documents": [{"id", "document"}], "more"}; arguments {collection, after?, limit}.
base::Result<std::string> readDocuments(store::Transaction& tx, const std::string& plugin, const boost::json::object& arguments);
// {collection, put: [{id, document}], remove: [id]}: all or nothing.
base::Status writeDocuments(store::Transaction& tx, const std::string& plugin, const boost::json::object& arguments);
base::Status dropDocuments(store::Transaction& tx, const std::string& plugin, const boost::json::object& arguments);

// A page of rows as documentsRead and coreRead answer it.
class DocumentPage {
 public:
  void add(std::string_view id, std::string_view document);
  std::string finish(bool more);

 private:
  std::string text_ = "{\"documents\":[";
  bool isFirst_ = true;
};

}  // namespace patchbay::plugins
