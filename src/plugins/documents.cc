#include "plugins/documents.h"

#include <algorithm>

#include "base/json.h"
#include "store/states.h"

namespace patchbay::plugins {

namespace {

constexpr std::size_t kLongestName = 200;

base::Result<std::string> ownerOf(const std::string& plugin, const json::object& arguments) {
  const std::string collection = json::getString(arguments, "collection");
  if (collection.empty() || collection.size() > kLongestName) {
    return base::fail(base::Code::kInvalid, "\"collection\" must be a text of 1 to 200 bytes.");
  }
  return "d:" + plugin + ":" + collection;
}

base::Status put(store::Transaction& tx, const std::string& owner, const json::value& row) {
  const json::value* document = json::find(row, "document");
  const std::string id = row.is_object() ? json::getString(row.get_object(), "id") : std::string();
  if (id.empty() || document == nullptr || !document->is_object()) {
    return base::fail(base::Code::kInvalid, "\"put\" must be a list of {id: text, document: object}. Nothing was written.");
  }
  const std::string text = json::write(*document);
  if (text.size() > kLargestDocument) {
    return base::fail(base::Code::kTooLarge, "Document " + id + " is over 16 MiB. Nothing was written.");
  }
  tx.states().put(owner, id, text);
  return {};
}

}  // namespace

void DocumentPage::add(std::string_view id, std::string_view document) {
  text_ += isFirst_ ? "{\"id\":" : ",{\"id\":";
  isFirst_ = false;
  json::writeString(id, text_);
  text_ += ",\"document\":";
  text_ += document;
  text_ += "}";
}

std::string DocumentPage::finish(bool more) {
  text_ += more ? "],\"more\":true}" : "],\"more\":false}";
  return std::move(text_);
}

base::Result<std::string> readDocuments(store::Transaction& tx, const std::string& plugin, const json::object& arguments) {
  auto owner = ownerOf(plugin, arguments);
  if (!owner) {
    return owner.error();
  }
  const auto limit = static_cast<std::size_t>(
      std::clamp<std::int64_t>(json::getInt(arguments, "limit").value_or(kLargestPage), 1, kLargestPage));
  const auto rows = tx.states().page(*owner, json::getString(arguments, "after"), limit + 1);
  DocumentPage page;
  for (std::size_t i = 0; i < std::min(limit, rows.size()); ++i) {
    page.add(rows[i].first, rows[i].second);
  }
  return page.finish(rows.size() > limit);
}

base::Status writeDocuments(store::Transaction& tx, const std::string& plugin, const json::object& arguments) {
  const auto owner = ownerOf(plugin, arguments);
  if (!owner) {
    return owner.error();
  }
  const json::array& puts = json::getArray(arguments, "put");
  const json::array& removes = json::getArray(arguments, "remove");
  if (puts.size() + removes.size() > kMostInOneWrite) {
    return base::fail(base::Code::kTooLarge, "More than 10,000 documents in one write. Nothing was written.");
  }
  for (const json::value& row : puts) {
    if (base::Status written = put(tx, *owner, row); !written) {
      return written;
    }
  }
  for (const json::value& id : removes) {
    if (id.is_string()) {
      tx.states().erase(*owner, std::string_view(id.get_string()));
    }
  }
  return {};
}

base::Status dropDocuments(store::Transaction& tx, const std::string& plugin, const json::object& arguments) {
  const auto owner = ownerOf(plugin, arguments);
  if (owner) {
    tx.states().clear(*owner);
  }
  return owner ? base::Status() : base::Status(owner.error());
}

}  // namespace patchbay::plugins
