using Lanyard.Models.Layers;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Seams;

/// <summary>A class that derives from the family's own has its map, and computes one step otherwise.</summary>
internal sealed class CountedAttention(GroupedAttention like) : GroupedAttention(like.Config)
{
    public int Calls { get; private set; }

    protected override Tensor Qkv(Tensor hidden)
    {
        Calls++;
        return base.Qkv(hidden);
    }
}
