#include "imqttd/control/page.h"

#include <string.h>

#include "imqttd/control/handlers.h"

bool page_has_path(const char *path)
{
    return strcmp(path, "/") == 0 || strcmp(path, "/page.js") == 0 ||
           strcmp(path, "/page.css") == 0;
}

#ifdef IMQTTD_HAS_PAGE

/* Nothing from elsewhere, nothing inline, nothing that is made into code; no frame around it. */
#define CONTENT_SECURITY_POLICY                                                                    \
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "                \
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

static const struct page_file *find(const char *path)
{
    for (size_t i = 0; i < PAGE_FILES; i++)
        if (strcmp(page_files[i].path, path) == 0)
            return &page_files[i];
    return NULL;
}

/* The browser has it already. */
static bool is_known(const struct request *request, const struct page_file *file)
{
    const char *known =
        MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "If-None-Match");
    return known != NULL && strstr(known, file->etag) != NULL;
}

static void add_headers(struct MHD_Response *response, const struct page_file *file)
{
    const char *const headers[][2] = {
        {"Content-Type", file->type},
        {"Content-Encoding", "gzip"},
        {"ETag", file->etag},
        {"Cache-Control", "no-cache"},
        {"Content-Security-Policy", CONTENT_SECURITY_POLICY},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
}

/* Browsers all take gzip, so it is kept in no other form. */
enum MHD_Result handle_page(struct request *request)
{
    const struct page_file *file = find(request->path);
    if (file == NULL)
        return answer_error(request, MHD_HTTP_NOT_FOUND, "unknown_path", NULL,
                            "there is no such path");
    bool known = is_known(request, file);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        known ? 0 : file->bytes, (void *)file->gzip, MHD_RESPMEM_PERSISTENT);
    if (response != NULL)
        add_headers(response, file);
    return answer_as_it_is(request, known ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}

#else

enum MHD_Result handle_page(struct request *request)
{
    return answer_error(request, MHD_HTTP_NOT_FOUND, "no_page", NULL,
                        "this program was built without its page: there was no Node");
}

#endif
