#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/unit/core/traffic/catalogue/shipped.hpp"

namespace lokaal {
namespace {

TEST(ShippedCatalogue, Loads) {
  const auto catalogue = Catalogue::parse(shipped_catalogue_files());
  ASSERT_TRUE(catalogue) << catalogue.error().text();
  EXPECT_GT(catalogue->services().size(), 60U);
}

struct Case {
  const char* name;
  const char* service;  // "": none
};

constexpr Case kCases[] = {
    {"x.com", "x"},
    {"api.x.com", "x"},
    {"pbs.twimg.com", "x"},
    {"t.co", "x"},
    {"netflix.com", "netflix"},
    {"fax.com", ""},
    {"max.com", ""},
    {"twitter.map.fastly.net", "x"},
    {"other.map.fastly.net", ""},
    {"www.instagram.com", "instagram"},
    {"scontent-ams2-1.cdninstagram.com", "instagram"},
    {"instagram.c10r.facebook.com", "instagram"},
    {"star.c10r.facebook.com", "facebook"},
    {"graph.facebook.com", "facebook"},
    {"scontent.xx.fbcdn.net", "facebook"},
    {"fbcdn-a.akamaihd.net", "facebook"},
    {"akamaihd.net", ""},
    {"anything.akamaihd.net", ""},
    {"www.threads.net", "threads"},
    {"web.whatsapp.com", "whatsapp"},
    {"mmg.whatsapp.net", "whatsapp"},
    {"www.tiktok.com", "tiktok"},
    {"api16-normal-useast5.tiktokv.eu", "tiktok"},
    {"p16-sign-va.tiktokcdn.com", "tiktok"},
    {"gcp.api.snapchat.com", "snapchat"},
    {"aws.api.sc-gw.com", "snapchat"},
    {"www.youtube.com", "youtube"},
    {"youtu.be", "youtube"},
    {"rr3---sn-5hne6nsz.googlevideo.com", "youtube"},
    {"youtubei.googleapis.com", "youtube"},
    {"googleapis.com", ""},
    {"storage.googleapis.com", ""},
    {"fonts.googleapis.com", ""},
    {"yt3.ggpht.com", "youtube"},
    {"lh3.ggpht.com", ""},
    {"www.youtubeeducation.com", "google-workspace"},
    {"www.google.com", ""},
    {"accounts.google.com", "google-sign-in"},
    {"www.linkedin.com", "linkedin"},
    {"media.licdn.com", "linkedin"},
    {"open.spotify.com", "spotify"},
    {"i.scdn.co", "spotify"},
    {"t.me", "telegram"},
    {"cdn.discordapp.com", "discord"},
    {"discord.gg", "discord"},
    {"i.redd.it", "reddit"},
    {"nl.pinterest.com", "pinterest"},
    {"i.pinimg.com", "pinterest"},
    {"mobile.bereal.network", "bereal"},
    {"bsky.app", "bluesky"},
    {"usher.ttvnw.net", "twitch"},
    {"chat.signal.org", "signal"},
    {"mastodon.social", "mastodon"},
    {"64.media.tumblr.com", "tumblr"},
    {"vk.com", "vk"},
    {"web.wechat.com", "wechat"},
    {"www.kik.com", "kik"},
    {"mondia.zportal.nl", "zermelo"},
    {"inloggen.somtoday.nl", "somtoday"},
    {"som.today", "somtoday"},
    {"minkema.magister.net", "magister"},
    {"accounts.magister.net", "magister"},
    {"school.itslearning.com", "itslearning"},
    {"login.microsoftonline.com", "microsoft-sign-in"},
    {"login.mso.msidentity.com", "microsoft-sign-in"},
    {"aadcdn.msauth.net", "microsoft-sign-in"},
    {"aadcdn.msauthimages.net", "microsoft-sign-in"},
    {"autologon.microsoftazuread-sso.com", "microsoft-sign-in"},
    {"epdg.epc.mnc004.mcc204.pub.3gppnetwork.org", "wifi-calling"},
    {"wiki.apps.facet.onl", "facet"},
    {"school.remindotoets.nl", "remindotoets"},
    {"hub.remindotest.com", "remindotoets"},
    {"sentry.paragin.nl", "remindotoets"},
    {"paragin.nl", ""},
    {"app-eu.readspeaker.com", "readspeaker"},
    {"app.woots.nl", "woots"},
    {"safeexambrowser.org", "safe-exam-browser"},
    {"captive.apple.com", "captive-probe"},
    {"www.apple.com", ""},
    {"www.msftconnecttest.com", "captive-probe"},
    {"connectivitycheck.gstatic.com", "captive-probe"},
    {"r10.o.lencr.org", "certificate-status"},
    {"ocsp.digicert.com", "certificate-status"},
    {"0.nl.pool.ntp.org", "time"},
    {"mask.icloud.com", "private-relay"},
    {"mask-h2.icloud.com", "private-relay"},
    {"www.icloud.com", ""},
    {"use-application-dns.net", "firefox-canary"},
    {"dns.google", "encrypted-resolvers"},
    {"mozilla.cloudflare-dns.com", "encrypted-resolvers"},
    {"dns.mullvad.net", "encrypted-resolvers"},
    {"mullvad.net", "vpn"},
    {"nos.nl", ""},
    {"example.org", ""},
};

TEST(ShippedCatalogue, ToldNamesBelongToTheirServices) {
  const Catalogue catalogue = shipped_catalogue();
  for (const auto& one : kCases) {
    const Service* service = catalogue.find_name(one.name);
    EXPECT_EQ(service == nullptr ? "" : service->id.str(), one.service) << one.name;
  }
}

TEST(ShippedCatalogue, FindsEveryNameThatItLists) {
  const Catalogue catalogue = shipped_catalogue();
  for (const auto& service : catalogue.services()) {
    for (const auto& name : service.suffixes) {
      EXPECT_EQ(catalogue.find_name(name), &service) << name;
      EXPECT_EQ(catalogue.find_name("qqq." + name), &service) << name;
      EXPECT_NE(catalogue.find_name("qqq" + name), &service) << name;
    }
    for (const auto& name : service.hosts) EXPECT_EQ(catalogue.find_name(name), &service) << name;
  }
}

TEST(ShippedCatalogue, ListsNoNameThatASuffixOfTheSameServiceCovers) {
  const Catalogue catalogue = shipped_catalogue();
  for (const auto& service : catalogue.services()) {
    auto names = service.suffixes;
    names.insert(names.end(), service.hosts.begin(), service.hosts.end());
    for (const auto& name : names)
      for (const auto& suffix : service.suffixes)
        EXPECT_FALSE(name.ends_with("." + suffix)) << name << " is covered by " << suffix;
  }
}

// The numbers lie in the marks of live flows and in schools' own files: they never change.
TEST(ShippedCatalogue, DeclaresEveryNumber) {
  const Catalogue catalogue = shipped_catalogue();
  for (const auto& service : catalogue.services()) EXPECT_LT(service.number, kFirstGivenNumber);
  const std::pair<const char*, int> kept[] = {
      {"facebook", 1}, {"instagram", 2},       {"whatsapp", 4},  {"x", 5},
      {"tiktok", 6},   {"youtube", 8},         {"zermelo", 60},  {"somtoday", 61},
      {"facet", 100},  {"captive-probe", 120}, {"spotify", 140}, {"private-relay", 180}};
  for (const auto& [id, number] : kept)
    EXPECT_EQ(catalogue.find(ServiceId(id))->number, number) << id;
}

TEST(ShippedCatalogue, KnowsTheMinimumAgeOfEveryPlatformThatTheProtocolsName) {
  const Catalogue catalogue = shipped_catalogue();
  for (const char* id :
       {"facebook", "x", "instagram", "snapchat", "whatsapp", "tiktok", "youtube", "linkedin"})
    EXPECT_GE(catalogue.find(ServiceId(id))->minimum_age, 13U) << id;
}

}  // namespace
}  // namespace lokaal
