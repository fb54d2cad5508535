"""ResNet-50 (He et al., 2015) for images of 32 x 32, as of CIFAR-10."""

from torch import Tensor, nn

_EXPANSION = 4  # a block's output has this many times the channels of its 3 x 3 convolution
_STAGES = ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2))  # channels, blocks, stride


class Bottleneck(nn.Module):
    """Convolutions of 1 x 1, 3 x 3 and 1 x 1, and what goes around them."""

    def __init__(self, inputs: int, channels: int, stride: int) -> None:
        super().__init__()
        outputs = channels * _EXPANSION
        self.body = nn.Sequential(
            *(nn.Conv2d(inputs, channels, 1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()),
            nn.Conv2d(channels, channels, 3, stride, padding=1, bias=False),
            *(nn.BatchNorm2d(channels), nn.ReLU()),
            *(nn.Conv2d(channels, outputs, 1, bias=False), nn.BatchNorm2d(outputs)),
        )
        self.around: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.around = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )
        self.end = nn.ReLU()

    def forward(self, images: Tensor) -> Tensor:
        """Return the block's output."""
        result: Tensor = self.end(self.body(images) + self.around(images))
        return result


def resnet50(classes: int = 10) -> nn.Sequential:
    """Return the network, with random weights."""
    # A 3 x 3 convolution and no pooling at the start: small images have no pixels to spare.
    layers: list[nn.Module] = [nn.Conv2d(3, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64)]
    layers.append(nn.ReLU())
    inputs = 64
    for channels, blocks, stride in _STAGES:
        for block in range(blocks):
            layers.append(Bottleneck(inputs, channels, stride if block == 0 else 1))
            inputs = channels * _EXPANSION
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, classes)]
    return nn.Sequential(*layers)
