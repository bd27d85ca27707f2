using System.ComponentModel;
using TorchSharp;

namespace Lanyard;

/// <summary>Called by the generated <c>_toEpilog</c>: what TorchSharp does by reflection, done without.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ModuleMoves
{
    /// <summary>Converts or moves a child module.</summary>
    public static void To(torch.nn.Module child, torch.ScalarType? type, torch.Device? device, bool nonBlocking)
    {
        switch (type, device)
        {
            case ({ } dtype, { } target):
                child.to(target, dtype, non_blocking: nonBlocking);
                break;
            case ({ } dtype, null):
                child.to(dtype, non_blocking: nonBlocking);
                break;
            case (null, { } target):
                child.to(target, non_blocking: nonBlocking);
                break;
        }
    }
}
