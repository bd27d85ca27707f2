using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>A class that brings a module of its own, as one can where no rule looks: its base has the map.</summary>
public sealed class Derived : Opened
{
    private readonly Linear _proj = nn.Linear(2, 2);

    public Derived()
        : base(nameof(Derived)) => RegisterComponents();

    protected override void RegisterComponents()
    {
        base.RegisterComponents();

        // Called by the constructor of the base, too, after the fields were made.
        if (_proj is not null && !named_children().Any(child => child.name == "proj_0")) register_module("proj_0", _proj);
    }
}
