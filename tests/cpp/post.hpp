/* The request that the programs sign. */
#ifndef POST_HPP
#define POST_HPP

#include <daxsign.hpp>

namespace {

const char BODY[] = "{\"hello\": \"world\"}";

daxsign::Request post()
{
    daxsign::Request request("POST", "/api/v2/DaxEndPoint?x=1");
    request.field("Host", "dax.amido.se")
        .field("Content-Length", "18")
        .field("Date", "2020-05-17T14:44:30+02:00")
        .body(BODY);
    return request;
}

} // namespace

#endif
