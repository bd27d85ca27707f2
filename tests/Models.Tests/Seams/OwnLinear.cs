using Lanyard.Models.Layers;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Seams;

/// <summary>An engine's own linear layer, with the map of the family's.</summary>
internal sealed class OwnLinear(int inputs, int outputs, bool hasBias) : ReplicatedLinear(inputs, outputs, hasBias)
{
    public int Calls { get; private set; }

    public override Tensor forward(Tensor input)
    {
        Calls++;
        return base.forward(input);
    }
}
