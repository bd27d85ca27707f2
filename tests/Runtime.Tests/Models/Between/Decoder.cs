using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Between;

/// <summary>A model with classes in the middle that have no map, as one can write it where no rule looks.</summary>
[ParameterModule]
public sealed partial class Decoder : Module<Tensor, Tensor>
{
    public Decoder(int layers, Module<Tensor, Tensor>? head = null)
        : base(nameof(Decoder))
    {
        Layers = new ModuleList<DecoderLayer>([.. Enumerable.Range(0, layers).Select(_ => new DecoderLayer())]);
        Head = head;
        RegisterComponents();
    }

    public ModuleList<DecoderLayer> Layers { get; }

    public Module<Tensor, Tensor>? Head { get; }

    public override Tensor forward(Tensor input) => input;
}
