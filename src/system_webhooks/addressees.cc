#include "system_webhooks/addressees.h"

#include <algorithm>

#include "base/random.h"

namespace patchbay::system_webhooks {

namespace {

constexpr std::string_view kBefore = "/flows/";
constexpr std::string_view kAfter = "/components/";
constexpr std::size_t kUuidLength = 36;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

std::string flowOf(std::string_view url) {
  const std::string_view path = url.substr(0, url.find_first_of("?#"));
  for (std::size_t at = path.find(kBefore); at != std::string_view::npos;
       at = path.find(kBefore, at + 1)) {
    const std::string_view id = path.substr(at + kBefore.size(), kUuidLength);
    if (base::isUuid(id) && path.substr(at + kBefore.size() + kUuidLength).starts_with(kAfter)) {
      return lower(id);
    }
  }
  return {};
}

std::vector<std::string> addressees(const access::SystemConfiguration& configuration,
                                    const Event& event) {
  std::vector<std::string> urls = configuration.list(event.key);
  std::sort(urls.begin(), urls.end());
  urls.erase(std::unique(urls.begin(), urls.end()), urls.end());
  if (!event.flowId.empty()) {
    const std::string failed = lower(event.flowId);
    const bool isReceiver = std::any_of(
        urls.begin(), urls.end(), [&](const std::string& url) { return flowOf(url) == failed; });
    // Two receiving flows that both fail would tell each other for ever.
    const bool toNoFlow = isReceiver && event.key == kComponentErrorKey;
    std::erase_if(urls, [&](const std::string& url) {
      return flowOf(url) == failed || (toNoFlow && !flowOf(url).empty());
    });
  }
  if (urls.size() > kMostAddressees) {
    urls.resize(kMostAddressees);
  }
  return urls;
}

}  // namespace patchbay::system_webhooks
