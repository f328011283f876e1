# `cmake --install` puts everything where Debian expects it.
include(GNUInstallDirs)
install(TARGETS lokaald RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
install(TARGETS lokaalctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY config/ DESTINATION ${CMAKE_INSTALL_DATADIR}/lokaal)
