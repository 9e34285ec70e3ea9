// Includes the wrapper for C++ and prints the library's version.
#include <daxsign.hpp>
#include <iostream>

int main()
{
    std::cout << daxsign_version() << '\n';
}
