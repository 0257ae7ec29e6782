#include "outbound/address_policy.h"

#include <gtest/gtest.h>

namespace patchbay::outbound {
namespace {

TEST(AddressPolicy, LinkLocalAndMetadataAreForbiddenInEveryDress) {
  for (const char* address :
       {"169.254.169.254", "169.254.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1", "fe80::1", "febf::1", "fec0::1", "fd00:ec2::254", "100.100.100.200",
        "168.63.129.16", "0.0.0.0", "::", "::169.254.169.254", "224.0.0.1", "255.255.255.255",
        "ff02::1", "not an address"}) {
    EXPECT_EQ(kindOf(std::string_view(address)), AddressKind::kForbidden) << address;
  }
}

TEST(AddressPolicy, OwnNetworksArePrivate) {
  for (const char* address :
       {"127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "::1",
        "fd12::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"}) {
    EXPECT_EQ(kindOf(std::string_view(address)), AddressKind::kPrivate) << address;
  }
}

TEST(AddressPolicy, AllElseIsPublic) {
  for (const char* address : {"1.1.1.1", "172.32.0.1", "100.128.0.1", "169.253.0.1",
                              "2606:4700::1111", "::ffff:8.8.8.8"}) {
    EXPECT_EQ(kindOf(std::string_view(address)), AddressKind::kPublic) << address;
  }
}

TEST(AddressPolicy, ThePrivateOnesCanBeClosed) {
  EXPECT_TRUE(AddressPolicy{}.allows(AddressKind::kPrivate));
  EXPECT_FALSE(AddressPolicy{false}.allows(AddressKind::kPrivate));
  EXPECT_TRUE(AddressPolicy{false}.allows(AddressKind::kPublic));
  EXPECT_FALSE(AddressPolicy{}.allows(AddressKind::kForbidden));
}

}  // namespace
}  // namespace patchbay::outbound
