#include "app/catalogue_build.h"

#include <charconv>
#include <cstdlib>
#include <ostream>
#include <string_view>

#include "base/json.h"
#include "connectors/catalogue_builder.h"

namespace patchbay::app {

namespace {

using connectors::AuthorWarning;
using connectors::CatalogueReport;

constexpr int kAll = 0;
constexpr int kNothing = 2;
constexpr int kSomeLeftOut = 10;

base::Time generated() {
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");
  const std::string_view text = epoch == nullptr ? "" : epoch;
  std::int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool isTold = !text.empty() && failure == std::errc() && end == text.data() + text.size();
  return isTold ? base::fromMillis(seconds * 1000) : base::SystemClock().now();
}

json::array toJson(const std::vector<CatalogueReport::Row>& rows) {
  json::array out;
  for (const auto& row : rows) {
    out.push_back(json::object{{"name", row.name},
                               {"version", row.version},
                               {"file", row.file},
                               {"size", row.size},
                               {"components", row.components}});
  }
  return out;
}

json::array toJson(const std::vector<AuthorWarning>& lines) {
  json::array out;
  for (const AuthorWarning& line : lines) {
    out.push_back(json::object{{"file", line.file.string()}, {"message", line.message}});
  }
  return out;
}

void print(const CatalogueReport& report, std::ostream& out) {
  for (const auto& row : report.packed) {
    out << row.name << " " << row.version << "  " << row.components << " components, " << row.size
        << " bytes\n";
  }
  out << report.packed.size() << " packed, " << report.kept.size() << " stood there already, "
      << report.leftOut.size() << " left out.\n";
}

}  // namespace

int catalogueBuild(const CatalogueBuildOrder& order, std::ostream& out, std::ostream& errors) {
  const auto report =
      connectors::buildCatalogue({order.from, order.out, generated(), order.strict});
  if (!report) {
    errors << "patchbay: " << report.error().message << "\n";
    return kNothing;
  }
  for (const AuthorWarning& line : report->warnings) {
    errors << "warning: " << line.file.string() << ": " << line.message << "\n";
  }
  for (const AuthorWarning& line : report->leftOut) {
    errors << "left out: " << line.file.string() << ": " << line.message << "\n";
  }
  if (order.json) {
    out << json::write(json::object{{"packed", toJson(report->packed)},
                                    {"kept", toJson(report->kept)},
                                    {"leftOut", toJson(report->leftOut)},
                                    {"warnings", toJson(report->warnings)}})
        << "\n";
  } else {
    print(*report, out);
  }
  if (report->packed.empty() && report->kept.empty()) {
    return kNothing;
  }
  return report->leftOut.empty() ? kAll : kSomeLeftOut;
}

}  // namespace patchbay::app
