"""Made-up faces for the tests of the e-certificate."""

from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from certificates.ecert.face import Face

LONG_NAME = "阿卜杜热西提·艾则孜·买买提依明·图尔荪·努尔麦麦提·阿布都克热木·吐尔逊江·依布拉音·热合曼·古丽"
LONG_ENTERPRISE = (
    "赣江八局华东区域总承包公司江西省赣州市章贡区城市更新与综合管廊投资建设运营（集团）股份有限公司第三分公司"
)


@cache
def photo(mode: str = "RGB", picture_format: str = "JPEG") -> bytes:
    image = Image.new("RGB", (295, 413), (235, 240, 248))
    draw = ImageDraw.Draw(image)
    draw.ellipse((85, 90, 210, 250), fill=(225, 190, 165))
    draw.rectangle((40, 290, 255, 413), fill=(40, 50, 80))
    target = BytesIO()
    image.convert(mode).save(target, picture_format)
    return target.getvalue()


def face(**changes: Any) -> Face:
    values: dict[str, Any] = {
        "category": "C3",
        "number": "赣建安C3（2024）0001234",
        "name": "欧阳·䶮𬭎𠮷",
        "sex": "男",
        "birth_date": date(1985, 3, 9),
        "enterprise_name": "江西赣江建设工程集团有限公司",
        "post": "专职安全生产管理人员",
        "first_issued_on": date(2018, 5, 4),
        "valid_from": date(2024, 3, 1),
        "valid_to": date(2027, 2, 28),
        "issuer_name": "江西省住房和城乡建设厅",
        "issued_on": date(2024, 3, 1),
        "photo_jpeg": photo(),
        "qr_url": "https://portal.example.cn/v/Qm3x9ZkT7vB2nLpR8sWcYd",
        "identifier": "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        "version_no": 1,
    }
    return Face(**(values | changes))
