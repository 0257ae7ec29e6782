#include "access/tokens.h"

#include <cstring>

#include <sodium.h>

#include "base/json.h"
#include "store/settings.h"

namespace patchbay::access {

namespace {

constexpr std::size_t kMaxTokenBytes = 8192;
constexpr std::size_t kMaxSeen = 4096;
constexpr char kHex[] = "0123456789abcdef";

base::Error refused(std::string message) {
  return base::fail(base::Code::kUnauthorized, std::move(message));
}

std::string encode(std::string_view bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                   '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();  // the terminating zero
  return text;
}

std::optional<std::string> decodeText(std::string_view text) {
  std::string bytes(text.size(), '\0');
  std::size_t length = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &length, nullptr,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
    return std::nullopt;
  }
  bytes.resize(length);
  return bytes;
}

void escape(std::uint32_t unit, std::string& out) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) {
    out.push_back(kHex[(unit >> shift) & 15]);
  }
}

std::uint32_t nextRune(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const std::uint32_t lead = byte(at++);
  const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  std::uint32_t rune = lead & (0x3fU >> more);
  for (int i = 0; i < more; ++i) {
    rune = (rune << 6) | (byte(at++) & 0x3f);
  }
  return rune;
}

// JSON text with everything that is not ASCII, and '>', '?', '~', as \uXXXX.
std::string plainAscii(std::string_view written) {
  std::string out;
  out.reserve(written.size());
  for (std::size_t at = 0; at < written.size();) {
    const auto c = static_cast<unsigned char>(written[at]);
    if (c >= 0x80) {
      const std::uint32_t rune = nextRune(written, at);
      if (rune >= 0x10000) {
        escape(0xd800 + ((rune - 0x10000) >> 10), out);
        escape(0xdc00 + ((rune - 0x10000) & 0x3ff), out);
      } else {
        escape(rune, out);
      }
      continue;
    }
    ++at;
    if (c == '>' || c == '?' || c == '~' || c == 0x7f) {
      escape(c, out);
    } else {
      out.push_back(static_cast<char>(c));
    }
  }
  return out;
}

}  // namespace

Tokens::Tokens(store::Store& store, SystemConfiguration& configuration, base::Random& random,
               const base::Clock& clock)
    : store_(store), configuration_(configuration), random_(random), clock_(clock) {
  configuration_.onChange([this](const std::string& key) {
    if (key == kTokenSecretKey) {
      useSecret();
    }
  });
}

base::Status Tokens::load() {
  std::optional<std::string> stored;
  auto status = store_.read([&](store::Transaction& rows) {
    stored = rows.settings().get("server", "tokenSecret");
  });
  if (status && !stored) {
    std::array<std::uint8_t, 32> bytes{};
    random_.fill(bytes);
    stored = json::write(json::value(base::toHex(bytes)));
    status = store_.write([&](store::Transaction& rows) -> base::Status {
      rows.settings().put("server", "tokenSecret", *stored);
      return {};
    });
  }
  if (!status) {
    return status;
  }
  generated_ = std::string(json::parseOwn(*stored).as_string());
  useSecret();
  return {};
}

void Tokens::useSecret() {
  std::string secret = configuration_.text(kTokenSecretKey, generated_);
  const std::lock_guard lock(mutex_);
  secret_ = std::move(secret);
  ++secretNumber_;
  seen_.clear();
}

std::size_t Tokens::KeyHash::operator()(const Key& key) const {
  std::size_t hash = 0;
  std::memcpy(&hash, key.data(), sizeof hash);
  return hash;
}

std::string Tokens::sign(std::string_view text) const {
  std::string secret;
  {
    const std::lock_guard lock(mutex_);
    secret = secret_;
  }
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(secret.data()),
                              secret.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()),
                                text.size());
  crypto_auth_hmacsha256_final(&state, mac.data());
  return std::string(reinterpret_cast<const char*>(mac.data()), mac.size());
}

std::string Tokens::issue(const Subject& subject, base::Millis life) const {
  const std::int64_t now = base::toMillis(clock_.now()) / 1000;
  json::object claims;
  claims["id"] = subject.id;
  claims["sub"] = subject.id;
  claims["username"] = subject.username;
  claims["scope"] = json::toArray(subject.scope);
  claims["iat"] = now;
  claims["exp"] = now + life.count() / 1000;
  const std::string text = encode(R"({"alg":"HS256","typ":"JWT"})") + "." +
                           encode(plainAscii(json::write(json::value(std::move(claims)))));
  return text + "." + encode(sign(text));
}

base::Result<Tokens::Seen> Tokens::decode(std::string_view token) const {
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return refused("Invalid token: sign in again.");
  }
  const auto header = decodeText(token.substr(0, first));
  const auto payload = decodeText(token.substr(first + 1, second - first - 1));
  const auto mac = decodeText(token.substr(second + 1));
  if (!header || !payload || !mac) {
    return refused("Invalid token: sign in again.");
  }
  const std::string expected = sign(token.substr(0, second));
  if (mac->size() != expected.size() ||
      sodium_memcmp(mac->data(), expected.data(), expected.size()) != 0) {
    return refused(std::string(kBadSignature));
  }
  const auto head = json::parse(*header, "token", 8);
  const auto claims = json::parse(*payload, "token", 8);
  if (!head || !claims || !head->is_object() || !claims->is_object() ||
      json::getString(head->get_object(), "alg") != "HS256") {
    return refused("Invalid token: sign in again.");
  }
  Seen seen;
  seen.userId = json::getString(claims->get_object(), "id",
                                json::getString(claims->get_object(), "sub"));
  const auto expires = json::getInt(claims->get_object(), "exp");
  if (seen.userId.empty() || !expires) {
    return refused("Invalid token: it names no user or no end. Sign in again.");
  }
  seen.expires = *expires;
  return seen;
}

base::Result<std::string> Tokens::verify(std::string_view token) {
  if (token.empty() || token.size() > kMaxTokenBytes) {
    return refused("Invalid token: sign in again.");
  }
  Key key{};
  crypto_generichash(key.data(), key.size(), reinterpret_cast<const unsigned char*>(token.data()),
                     token.size(), nullptr, 0);
  const std::int64_t now = base::toMillis(clock_.now()) / 1000;
  std::uint64_t secretNumber = 0;
  {
    const std::lock_guard lock(mutex_);
    secretNumber = secretNumber_;
    const auto found = seen_.find(key);
    if (found != seen_.end() && found->second.expires > now) {
      return found->second.userId;
    }
  }
  const auto decoded = decode(token);
  if (!decoded) {
    return decoded.error();
  }
  if (decoded->expires <= now) {
    return refused("The token has expired: sign in again.");
  }
  const std::lock_guard lock(mutex_);
  if (seen_.size() >= kMaxSeen) {
    seen_.clear();
  }
  if (secretNumber == secretNumber_) {
    seen_.emplace(key, *decoded);
  }
  return decoded->userId;
}

}  // namespace patchbay::access
