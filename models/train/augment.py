# SPDX-License-Identifier: GPL-3.0-or-later
"""What a model must not mind, done to whole views in batches, on whatever device they are: cut closely or seen with a
margin, other colours, dark paper, blur, noise. Nothing is mirrored, as text and signatures would be.
"""
import torch
import torch.nn.functional as F

MARGIN, WIDEST = 0.25, 1.45     # chance of a margin; sides of the tile that are seen then
BLUR = torch.tensor([[1., 2., 1.], [2., 4., 2.], [1., 2., 1.]]) / 16


def _draw(n, low, high, device, *shape):
    return torch.rand(n, *shape, device=device) * (high - low) + low


def _chance(n, p, device):
    return (torch.rand(n, device=device) < p).view(n, 1, 1, 1)


def _some(x, p):
    """Indices of views, each taken with a chance of p: what costs much is done to these alone."""
    return (torch.rand(len(x), device=x.device) < p).nonzero()[:, 0]


def moved(x):
    """Views [n, 3, side, side] cut closely, as they are, or with a margin, narrower or flatter; around them the colour
    of their corner."""
    n, device = len(x), x.device
    near = _draw(n, -0.05, 0.08, device, 2, 2)
    low, high = near[:, 0], 1 - near[:, 1]
    wide, start = _draw(n, 1, WIDEST, device, 2), _draw(n, 0, 1, device, 2)
    margin = torch.rand(n, device=device)[:, None] < MARGIN
    low = torch.where(margin, -start * (wide - 1), low)
    high = torch.where(margin, low + wide, high)
    still = torch.rand(n, device=device)[:, None] < 0.15
    low, high = torch.where(still, 0.0, low), torch.where(still, 1.0, high)
    theta = torch.zeros(n, 2, 3, device=device)
    theta[:, 0, 0], theta[:, 1, 1] = (high - low).unbind(1)
    theta[:, :, 2] = low + high - 1
    corner = x[:, :, :1, :1].clone()
    grid = F.affine_grid(theta, x.shape, align_corners=False)
    return F.grid_sample(x - corner, grid, padding_mode="zeros", align_corners=False) + corner


def recoloured(x):
    """Dark as light, channels exchanged, grey, tinted, with more or less contrast; white stays white mostly."""
    n, device = len(x), x.device
    x = torch.where(_chance(n, 0.06, device), 255 - x, x)
    order = torch.rand(n, 3, device=device).argsort(1)
    mixed = x.gather(1, order[:, :, None, None].expand_as(x))
    x = torch.where(_chance(n, 0.15, device), mixed, x)
    x = torch.where(_chance(n, 0.12, device), x.mean(1, keepdim=True).expand_as(x), x)
    spread = torch.tensor((0.05, 5.0), device=device)
    tint = torch.randn(n, 3, 2, device=device) * spread * (torch.rand(n, 1, 1, device=device) < 0.35)
    gain = 1 + 0.12 * torch.randn(n, 1, device=device) + tint[..., 0]
    shift = 12 * torch.randn(n, 1, device=device) + tint[..., 1]
    return x * gain[..., None, None] + (shift + (1 - gain) * 128)[..., None, None]


def roughened(x):
    """Out of focus, and with grain; changed in place."""
    kernel = BLUR.to(x).expand(3, 1, 3, 3)
    for chosen, change in ((_some(x, 0.12), lambda part: F.conv2d(F.pad(part, (1, 1, 1, 1), mode="replicate"), kernel, groups=3)),
                           (_some(x, 0.3), lambda part: part + torch.randn_like(part) * _draw(len(part), 0, 9, x.device, 1, 1, 1))):
        if len(chosen):
            x[chosen] = change(x[chosen])
    return x


@torch.no_grad()
def augmented(views):
    """Views uint8 [n, side, side, 3] as a camera, a scanner or another program might give them."""
    x = views.permute(0, 3, 1, 2).float()
    x = roughened(recoloured(moved(x)))
    return x.clamp(0, 255).round().to(torch.uint8).permute(0, 2, 3, 1)
