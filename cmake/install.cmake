# `cmake --install` puts everything where Debian expects it.
include(GNUInstallDirs)
install(TARGETS lokaald lokaal-agent RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
install(TARGETS lokaalctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY config/ DESTINATION ${CMAKE_INSTALL_DATADIR}/lokaal)
install(FILES systemd/lokaald.service systemd/lokaal-guard.service systemd/lokaal-agent.service
  DESTINATION lib/systemd/system)
install(FILES systemd/lokaal.sysusers DESTINATION lib/sysusers.d RENAME lokaal.conf)
install(FILES systemd/networkd-lokaal.conf DESTINATION lib/systemd/networkd.conf.d RENAME lokaal.conf)
install(FILES systemd/sysctl-lokaal.conf DESTINATION lib/sysctl.d RENAME 60-lokaal.conf)
install(FILES systemd/modules-lokaal.conf DESTINATION lib/modules-load.d RENAME lokaal.conf)
install(FILES docs/man/lokaald.8 docs/man/lokaal-agent.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
install(FILES docs/man/lokaalctl.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
