using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Losing;

/// <summary>Two layers, and a list of more behind a getter.</summary>
[ParameterModule]
public sealed partial class TwoHanded : Module<Tensor, Tensor>
{
    private readonly List<Handed> _more = [];

    public TwoHanded(Handed first, Handed second)
        : base(nameof(TwoHanded))
    {
        (First, Second) = (first, second);
        RegisterComponents();
    }

    public Handed First { get; set; }

    public Handed Second { get; set; }

    public IReadOnlyList<Handed> More => _more;

    public Sequential? Body { get; set; }

    public void Grow() => _more.Add(new Handed());

    public void Shrink() => _more.RemoveAt(_more.Count - 1);

    public override Tensor forward(Tensor input) => First.forward(input);
}
