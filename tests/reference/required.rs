//! Section 4: what each endpoint needs, and what it says when that is missing.

use tests::Edge;

use super::row::Check::{Begins, Says, Status};
use super::row::{Row, get, run};

const ROWS: &[Row] = &[
    get("/resize?file=dunes.jpg", &[
        Status(400),
        Says("Error while processing the image: Missing required param: height or width"),
    ]),
    get("/crop?file=dunes.jpg", &[
        Status(400),
        Says("Error while processing the image: Missing required param: height or width"),
    ]),
    get("/smartcrop?file=dunes.jpg", &[
        Status(400),
        Says("Error while processing the image: Missing required param: height or width"),
    ]),
    get("/fit?file=dunes.jpg&width=300", &[
        Status(400),
        Says("Error while processing the image: Missing required params: height, width"),
    ]),
    get("/fit?file=dunes.jpg&height=300", &[
        Status(400),
        Says("Error while processing the image: Missing required params: height, width"),
    ]),
    get("/enlarge?file=dunes.jpg&width=300", &[
        Status(400),
        Says("Error while processing the image: Missing required params: height, width"),
    ]),
    get("/extract?file=dunes.jpg&top=1&areawidth=10", &[
        Status(400),
        Says("Error while processing the image: Missing required params: areawidth or areaheight"),
    ]),
    get("/rotate?file=dunes.jpg", &[
        Status(400),
        Says("Error while processing the image: Missing required param: rotate"),
    ]),
    get("/rotate?file=dunes.jpg&rotate=0", &[
        Status(400),
        Says("Error while processing the image: Missing required param: rotate"),
    ]),
    get("/thumbnail?file=dunes.jpg", &[
        Status(400),
        Says("Error while processing the image: Missing required params: width or height"),
    ]),
    get("/zoom?file=dunes.jpg", &[
        Status(400),
        Says("Error while processing the image: Missing required param: factor"),
    ]),
    get("/zoom?file=dunes.jpg&factor=1&top=10", &[
        Status(400),
        Says("Error while processing the image: Missing required params: areawidth, areaheight"),
    ]),
    get("/zoom?file=dunes.jpg&factor=1&left=10", &[
        Status(400),
        Says("Error while processing the image: Missing required params: areawidth, areaheight"),
    ]),
    get("/convert?file=dunes.jpg", &[
        Status(400),
        Says("Error while processing the image: Missing required param: type"),
    ]),
    get("/convert?file=dunes.jpg&type=", &[
        Status(400),
        Says("Error while processing the image: Missing required param: type"),
    ]),
    get("/watermark?file=dunes.jpg", &[
        Status(400),
        Says("Error while processing the image: Missing required param: text"),
    ]),
    get("/watermarkimage?file=dunes.jpg", &[
        Status(400),
        Says("Error while processing the image: Missing required param: image"),
    ]),
    get("/watermarkimage?file=dunes.jpg&image=http://h.test/o.png", &[
        Status(400),
        Says(
            "Error while processing the image: Unable to retrieve watermark image. http://h.test/o.png",
        ),
    ])
    .better("B1: no `url` is a source here"),
    get("/watermarkimage?file=dunes.jpg&image=README.md", &[
        Status(400),
        Says("Error while processing the image: Unable to read watermark image"),
    ])
    .better("a plain name is a file of the mount"),
    get("/blur?file=dunes.jpg", &[
        Status(400),
        Says("Error while processing the image: Missing required param: sigma or minampl"),
    ]),
    get("/blur?file=dunes.jpg&minampl=3", &[Status(200)]),
    get("/pipeline?file=dunes.jpg", &[
        Status(400),
        Says("Error while processing the image: Missing or invalid pipeline operations JSON"),
    ]),
    get("/pipeline?file=dunes.jpg&operations=[]", &[
        Status(400),
        Says("Error while processing the image: Missing or invalid pipeline operations JSON"),
    ]),
    get("/pipeline?file=dunes.jpg&operations=[{%22operation%22:%22burn%22}]", &[
        Status(400),
        Says("Error while processing the image: Unsupported operation name: burn"),
    ]),
    // imaginary spells these two as endpoints and not as items.
    get("/pipeline?file=dunes.jpg&operations=[{%22operation%22:%22watermarkimage%22}]", &[
        Status(400),
        Begins("Error while processing the image: Unsupported operation name"),
    ]),
    get("/pipeline?file=dunes.jpg&operations=[{%22operation%22:%22info%22}]", &[
        Status(400),
        Begins("Error while processing the image: Unsupported operation name"),
    ]),
    get(
        "/pipeline?file=dunes.jpg&operations=[{%22operation%22:%22convert%22,%22params%22:{%22type%22:%22auto%22}}]",
        &[
            Status(400),
            Says("Error while processing the image: Invalid image type: auto"),
        ],
    ),
    get("/autorotate?file=dunes.jpg", &[Status(200)]),
    get("/flip?file=dunes.jpg", &[Status(200)]),
    get("/flop?file=dunes.jpg", &[Status(200)]),
    get("/info?file=dunes.jpg", &[Status(200)]),
];

#[test]
fn what_each_endpoint_needs() {
    run(&Edge::shared(), ROWS);
}
