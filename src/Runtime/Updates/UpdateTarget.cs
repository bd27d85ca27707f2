using Lanyard.Index;
using Lanyard.Memory;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard.Updates;

/// <summary>Where the tensors of one parameter are written in an update: the live value, or a shadow in the model layout.</summary>
internal sealed class UpdateTarget
{
    private readonly long _bytes;
    private ParameterFormat? _format;
    private long _written;

    public UpdateTarget(ModelParameter parameter, bool live)
    {
        (Parameter, IsShadow) = (parameter, !live);
        Value = live ? parameter.Bound.Value : Shadow(parameter.Bound);
        if (live && parameter.Bound.HasForeignPadding) Clear(parameter.Bound);
        (Type, ElementSize) = (Value.dtype, Value.element_size());
        Address = TensorAddress.Reach(Value, out _bytes);

        // Copies to it would be done without an error, and without an effect.
        if (Address == 0 && Value.device_type == DeviceType.META) throw new ModelStateException($"{parameter.Bound} ({parameter.Name}) is on the meta device, which keeps no values: make the model on the device that it runs on.");
    }

    public ModelParameter Parameter { get; }

    public Parameter Value { get; }

    /// <summary>The type of the value.</summary>
    public torch.ScalarType Type { get; }

    /// <summary>The bytes of an element.</summary>
    public long ElementSize { get; }

    /// <summary>Where the value lies in the memory of this process; zero if it does not.</summary>
    public nint Address { get; }

    /// <summary>Whether the value is another one than the live one: empty, but for padding, which is zero.</summary>
    public bool IsShadow { get; }

    /// <summary>Whether every element was written.</summary>
    public bool IsWhole => _format?.Elements == Interlocked.Read(ref _written);

    /// <summary>Whether a tensor lies where the value lies: written in another order, it would change while it is read.</summary>
    /// <param name="address">Where the tensor begins in the memory of this process, or zero.</param>
    /// <param name="bytes">The bytes that it takes.</param>
    public bool Overlaps(nint address, long bytes) => Address != 0 && address < Address + _bytes && Address < address + bytes;

    /// <summary>Enters that the slots of a use were written. Elements come once and in one format; the books see to it.</summary>
    public void Enter(TensorUse use)
    {
        Interlocked.CompareExchange(ref _format, use.Format, null);
        Interlocked.Add(ref _written, use.Elements);
    }

    /// <summary>Copies from the live value what did not come.</summary>
    /// <param name="came">Whether a tensor came whole.</param>
    public void Fill(Predicate<ModelTensor> came)
    {
        if (!IsShadow || IsWhole || Parameter.Bound.IsTransformed) return;
        foreach (var use in (_format ?? Parameter.Formats[0]).Uses.Where(use => !came(use.Tensor)))
        {
            foreach (var slot in use.Slots) SlotCopy.Move(Parameter.Bound.Value, Value, slot);
        }
    }

    /// <summary>Makes padding zero, as that of values that are made here. The first load of a module writes all else.</summary>
    private static void Clear(BoundParameter bound)
    {
        // In inference mode a value may be changed that was made in it, and any other, too.
        using var anyMode = torch.inference_mode();
        bound.Value.zero_().Dispose();
        bound.IsForeign = false;
    }

    private static Parameter Shadow(BoundParameter bound)
    {
        using var noGrad = torch.no_grad();
        var shadow = FreshTensor.Of([.. bound.ModelShape], bound.ModelType, bound.Value.device, bound.HasPadding);
        return new Parameter(shadow.DetachFromDisposeScope(), requires_grad: false);
    }
}
