@echo off
rem Runs the program from the folder that it was unpacked to. Needs Java 17 or newer and nothing else.
setlocal
set "GLISSADE_JAVA=java.exe"
if defined JAVA_HOME set "GLISSADE_JAVA=%JAVA_HOME%\bin\java.exe"
"%GLISSADE_JAVA%" -cp "%~dp0..\lib\*" dev.glissade.arena.Glissade %*
exit /b %ERRORLEVEL%
