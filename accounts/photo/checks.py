"""Makes the nine checks of an ID photo. Each answers one sentence: what is wrong, measured, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accounts.faces import engine
from common.findings import Finding, satisfied

from .measures import Measures, measure

EYE_DISTANCE = 60
YAW, ROLL = 10, 8
PITCH_RATIO = (0.4, 0.72)
FACE_SHARE = (0.25, 0.75)
OFF_CENTRE = 0.12
SHARPNESS = 60
BRIGHTNESS = (70, 215)
CLIPPED = 0.15
DIFFERENCE = 45
LIGHTNESS = 70
SPREAD = 14
COLOUR = 1.5


@dataclass(frozen=True)
class Check:
    """`problem` answers what is wrong, “：”, how far and what to do, or an empty text."""

    code: str
    title: str
    problem: Callable[[Measures], str]


@dataclass(frozen=True)
class Examination:
    measures: Measures
    answers: tuple[tuple[Check, str], ...]

    @property
    def passed(self) -> list[str]:
        return [check.code for check, problem in self.answers if not problem]

    @property
    def failed(self) -> list[str]:
        return [check.code for check, problem in self.answers if problem]

    @property
    def findings(self) -> list[Finding]:
        return [finding for check, problem in self.answers if (finding := _answer(check, problem)).blocking]

    @property
    def shown(self) -> list[Finding]:
        """Contains the checks that are met, for the page that shows all."""
        return [_answer(check, problem) for check, problem in self.answers]


def _answer(check: Check, problem: str) -> Finding:
    if not problem:
        return satisfied(f"photo.{check.code}", check.title)
    message, _, detail = problem.partition("：")
    return Finding(f"photo.{check.code}", message, detail)


def examine(data: bytes) -> Examination:
    """Raises engine.UnreadableImage."""
    return judge(measure(engine.read(data)))


def judge(measures: Measures) -> Examination:
    """Without a face nothing else can be measured, so only the first check is answered."""
    checks = CHECKS if measures.faces else CHECKS[:1]
    return Examination(measures, tuple((check, check.problem(measures)) for check in checks))


def _one_face(measures: Measures) -> str:
    if not measures.faces:
        return "照片里没有找到人脸：请使用本人正面免冠照，脸部不要被帽子、口罩、墨镜遮挡。"
    if measures.faces > 1:
        return f"照片里有 {measures.faces} 张人脸：请使用只有您一个人的照片。"
    return ""


def _resolution(measures: Measures) -> str:
    if measures.eye_distance >= EYE_DISTANCE:
        return ""
    return (
        f"脸部太小，不够清楚：两眼间距只有 {measures.eye_distance:.0f} 像素，至少需要 {EYE_DISTANCE} 像素。"
        "请使用原始照片，或离镜头近一些重拍。"
    )


def _frontal(measures: Measures) -> str:
    wrong = []
    if abs(measures.yaw) > YAW:
        # Left and right are the reader's own, since the picture shows the reader.
        wrong.append(f"头向您的{'左' if measures.yaw > 0 else '右'}边转了约 {abs(measures.yaw):.0f}°（最多 {YAW}°）")
    if abs(measures.roll) > ROLL:
        side = "左" if measures.roll > 0 else "右"
        wrong.append(f"头向您的{side}肩歪了约 {abs(measures.roll):.0f}°（最多 {ROLL}°）")
    lowest, highest = PITCH_RATIO
    if not lowest <= measures.pitch_ratio <= highest:
        wrong.append("头抬得太高" if measures.pitch_ratio < lowest else "头低得太多")
    return f"没有正对镜头：{'，'.join(wrong)}。请摆正头部、平视镜头重拍。" if wrong else ""


def _face_size(measures: Measures) -> str:
    smallest, largest = FACE_SHARE
    share = f"脸部占照片高度的 {measures.face_share:.0%}，应在 {smallest:.0%} 到 {largest:.0%} 之间"
    if measures.face_share < smallest:
        return f"头部太小：{share}。请放大裁剪，或离镜头近一些重拍。"
    if measures.face_share > largest:
        return f"头部太大：{share}。请选择更大的范围，或离镜头远一些重拍。"
    return ""


def _centred(measures: Measures) -> str:
    if abs(measures.off_centre) <= OFF_CENTRE:
        return ""
    side = "右" if measures.off_centre > 0 else "左"
    return (
        f"头部不在中间：偏向照片{side}侧，偏离照片宽度的 {abs(measures.off_centre):.0%}（最多 {OFF_CENTRE:.0%}）。"
        "请重新裁剪，让头部居中。"
    )


def _sharp(measures: Measures) -> str:
    if measures.sharpness >= SHARPNESS:
        return ""
    return (
        f"脸部模糊：清晰度 {measures.sharpness:.0f}，至少需要 {SHARPNESS}。"
        "请擦净镜头、拿稳、对准脸部对焦后重拍，不要翻拍或用美颜。"
    )


def _exposure(measures: Measures) -> str:
    light = measures.light
    if light is None:
        return ""
    darkest, brightest = BRIGHTNESS
    if light.mean < darkest:
        return f"脸部太暗：亮度 {light.mean:.0f}，至少需要 {darkest}。请面向窗户或灯光重拍，不要逆光。"
    if light.mean > brightest or light.clipped >= CLIPPED:
        return (
            f"脸部太亮：亮度 {light.mean:.0f}（最多 {brightest}），"
            f"{light.clipped:.0%} 的部分已成全白（应少于 {CLIPPED:.0%}）。请避开强光和闪光灯重拍。"
        )
    if light.difference >= DIFFERENCE:
        return f"脸部两侧明暗不匀：相差 {light.difference:.0f}（应小于 {DIFFERENCE}）。请正面受光重拍，不要让光从一侧照来。"
    return ""


def _ground(measures: Measures) -> str:
    ground = measures.ground
    if ground is None:
        return "看不到头部周围的背景：请选择更大的范围，头顶和两侧留出空白。"
    if ground.lightness < LIGHTNESS:
        return f"背景太深：亮度 {ground.lightness:.0f}%，至少需要 {LIGHTNESS}%。请站在白色或浅色墙前重拍。"
    if ground.spread > SPREAD:
        return (
            f"背景不干净：深浅相差 {ground.spread:.0f}（最多 {SPREAD}），有图案、杂物或阴影。"
            "请站在单色墙前、离墙半米以上重拍。"
        )
    return ""


def _colour(measures: Measures) -> str:
    if measures.light is None or measures.light.colour >= COLOUR:
        return ""
    return "这是黑白照片：请使用彩色照片。"


CHECKS = (
    Check("one_face", "只有本人一张脸", _one_face),
    Check("resolution", "脸部足够大、够清楚", _resolution),
    Check("frontal", "正对镜头，头部端正", _frontal),
    Check("face_size", "头部大小合适", _face_size),
    Check("centred", "头部居中", _centred),
    Check("sharp", "脸部清晰", _sharp),
    Check("exposure", "光线均匀，不过亮不过暗", _exposure),
    Check("ground", "背景为白色或浅色，干净", _ground),
    Check("colour", "彩色照片", _colour),
)
