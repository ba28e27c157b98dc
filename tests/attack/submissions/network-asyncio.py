# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: an event loop, which wants a socket pair, and a server on a port
import asyncio

MARK = "BREACH" "-network-asyncio"


async def serve():
    await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)


try:
    asyncio.run(serve())
    result = MARK
except (OSError, RuntimeError, AttributeError):
    result = "held"
raise RuntimeError(result)
