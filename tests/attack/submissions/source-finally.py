# item: scaled-dot-product-attention
# expect: error, timeout, memory, failed, crashed
# limit-seconds: 1
# attack: nested finally blocks, whose bodies the compiler copies for every way out: sources that grow exponentially
try:
    x = 0
finally:
    try:
        x = 0
    finally:
        try:
            x = 0
        finally:
            try:
                x = 0
            finally:
                try:
                    x = 0
                finally:
                    try:
                        x = 0
                    finally:
                        try:
                            x = 0
                        finally:
                            try:
                                x = 0
                            finally:
                                try:
                                    x = 0
                                finally:
                                    try:
                                        x = 0
                                    finally:
                                        try:
                                            x = 0
                                        finally:
                                            try:
                                                x = 0
                                            finally:
                                                try:
                                                    x = 0
                                                finally:
                                                    try:
                                                        x = 0
                                                    finally:
                                                        try:
                                                            x = 0
                                                        finally:
                                                            try:
                                                                x = 0
                                                            finally:
                                                                try:
                                                                    x = 0
                                                                finally:
                                                                    try:
                                                                        x = 0
                                                                    finally:
                                                                        x = 1
