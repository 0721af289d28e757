; Windows installer: for the current user, no administrator needed.
;   makensis -DVERSION=0.1.0 -DBUNDLE=<frozen folder> -DOUT=<folder> -DPREPARED=<folder with reserves.ico> reserves.nsi
Unicode true
!include "MUI2.nsh"
!include "FileFunc.nsh"

!ifndef PREPARED
  !define PREPARED "${BUNDLE}\..\..\prepared"
!endif

Name "Reserves"
OutFile "${OUT}/reserves-${VERSION}-setup.exe"
InstallDir "$LOCALAPPDATA\Programs\Reserves"
InstallDirRegKey HKCU "Software\Reserves" "Folder"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true

!define MUI_ICON "${PREPARED}/reserves.ico"
!define MUI_UNICON "${PREPARED}/reserves.ico"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Reserves"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\reserves-gui.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=1033 "ProductName" "Reserves"
VIAddVersionKey /LANG=1033 "FileDescription" "Verifier for proofs of reserves"
VIAddVersionKey /LANG=1033 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=1033 "LegalCopyright" "GPL-3.0-or-later"

Section
  SetOutPath "$INSTDIR"
  ; Files of an older version must not stay beside the new ones.
  RMDir /r "$INSTDIR\lib"
  File /r "${BUNDLE}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Reserves.lnk" "$INSTDIR\reserves-gui.exe"
  WriteRegStr HKCU "Software\Reserves" "Folder" "$INSTDIR"
  ; Case files open by double click.
  WriteRegStr HKCU "Software\Classes\.reserves" "" "Reserves.Case"
  WriteRegStr HKCU "Software\Classes\.reserves" "Content Type" "application/x-reserves-case"
  WriteRegStr HKCU "Software\Classes\Reserves.Case" "" "Proof of reserves case"
  WriteRegStr HKCU "Software\Classes\Reserves.Case\DefaultIcon" "" "$INSTDIR\reserves-gui.exe,0"
  WriteRegStr HKCU "Software\Classes\Reserves.Case\shell\open\command" "" '"$INSTDIR\reserves-gui.exe" "%1"'
  ; Windows lists the program and knows how to remove it.
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" "$0"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Reserves"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\reserves-gui.exe"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section "Uninstall"
  ; Only what was installed: settings, history and reports are the user's.
  RMDir /r "$INSTDIR\lib"
  Delete "$INSTDIR\reserves.exe"
  Delete "$INSTDIR\reserves-gui.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Reserves.lnk"
  DeleteRegKey HKCU "Software\Classes\Reserves.Case"
  DeleteRegKey HKCU "Software\Classes\.reserves"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\Reserves"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
