using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checkpoints;

public class CheckpointTypesTests
{
    public static TheoryData<CheckpointType> All => [.. Enum.GetValues<CheckpointType>().Where(type => type.IsViewable())];

    public static TheoryData<CheckpointType> Blocks => [.. Enum.GetValues<CheckpointType>().Where(type => type > CheckpointType.U64)];

    [Theory]
    [MemberData(nameof(All))]
    public void Everything_agrees_with_libtorch_and_turns_back(CheckpointType type)
    {
        using Tensor tensor = torch.zeros(3, dtype: type.ToScalarType());

        Assert.Equal(type.Size(), tensor.ElementSize);
        Assert.Equal((1, type.Size()), (type.BlockElements(), type.BlockBytes()));
        Assert.Equal(type.ToScalarType(), tensor.dtype);
        Assert.Equal(type, CheckpointTypes.FromScalarType(tensor.dtype));
        Assert.True(CheckpointTypes.TryParse(type.Text(), out CheckpointType parsed));
        Assert.Equal(type, parsed);
        Assert.Equal(type.Text()[0] is 'F' || type == CheckpointType.BF16, type.IsFloatingPoint());
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Blocks_have_no_element_and_no_other_format_has_them(CheckpointType type)
    {
        Assert.Contains($"{type} has no size of one element", Assert.Throws<NotSupportedException>(() => type.Size()).Message);
        Assert.Throws<NotSupportedException>(() => type.ToScalarType());
        Assert.True(type.IsFloatingPoint());
        Assert.False(type.IsViewable());
        Assert.False(CheckpointTypes.TryParse(type.Text(), out _));
        using TemporaryFolder folder = new();
        Assert.Throws<CheckpointException>(() => CheckpointWriter.Write(folder.At("x"), [new TensorProducer("w", type, [256], () => torch.zeros(256))]));
    }

    [Theory]
    [InlineData(CheckpointType.F4, 4, true)]
    [InlineData(CheckpointType.F6_E2M3, 6, true)]
    [InlineData(CheckpointType.F6_E3M2, 6, true)]
    [InlineData(CheckpointType.C64, 64, false)]
    public void Of_some_elements_files_have_the_bytes_and_TorchSharp_has_no_tensor(CheckpointType type, int bits, bool isFloat)
    {
        Assert.Equal(bits * type.BlockElements(), type.BlockBytes() * 8);
        Assert.Equal((isFloat, isFloat), (type.IsFloatingPoint(), type.IsBlocks()));
        Assert.False(type.IsViewable());
        Assert.Contains($"{type} has no TorchSharp type", Assert.Throws<NotSupportedException>(() => type.ToScalarType()).Message);
        Assert.True(CheckpointTypes.TryParse($"{type}", out CheckpointType parsed));
        Assert.Equal((type, $"{type}"), (parsed, type.Text()));
        using TemporaryFolder folder = new();
        Assert.Throws<CheckpointException>(() => CheckpointWriter.Write(folder.At("x"), [new TensorProducer("w", type, [256], () => torch.zeros(256))]));
    }

    // The numbers that TorchSharp does not name are right if libtorch decodes what is stored under them.
    [Theory]
    [InlineData(CheckpointType.F8_E4M3, new byte[] { 0x38 }, 1.0)]
    [InlineData(CheckpointType.F8_E4M3, new byte[] { 0x7e }, 448.0)]
    [InlineData(CheckpointType.F8_E5M2, new byte[] { 0x38 }, 0.5)]
    [InlineData(CheckpointType.F8_E5M2, new byte[] { 0x7b }, 57344.0)]
    [InlineData(CheckpointType.F8_E8M0, new byte[] { 130 }, 8.0)]
    [InlineData(CheckpointType.F8_E4M3FNUZ, new byte[] { 0x7f }, 240.0)]
    [InlineData(CheckpointType.F8_E5M2FNUZ, new byte[] { 0x38 }, 0.25)]
    [InlineData(CheckpointType.U16, new byte[] { 0xfe, 0xff }, 65534.0)]
    [InlineData(CheckpointType.U32, new byte[] { 0, 0, 0, 0x80 }, 2147483648.0)]
    [InlineData(CheckpointType.U64, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, 9223372036854775808.0)]
    public void Libtorch_decodes_what_TorchSharp_does_not_name(CheckpointType type, byte[] stored, double value)
    {
        using Tensor tensor = torch.zeros(1, dtype: type.ToScalarType());
        stored.CopyTo(tensor.bytes);

        using Tensor decoded = tensor.to(ScalarType.Float64);

        Assert.Equal(value, decoded.item<double>());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("f32")]
    [InlineData("F5")]
    [InlineData("C128")]
    [InlineData("3")]
    public void Other_names_are_not_types(string? text) => Assert.False(CheckpointTypes.TryParse(text, out _));

    [Theory]
    [InlineData(ScalarType.ComplexFloat32)]
    [InlineData(ScalarType.QInt8)]
    public void Complex_and_quantized_are_not_types(ScalarType scalar)
    {
        Assert.False(CheckpointTypes.TryFromScalarType(scalar, out _));
        Assert.Throws<NotSupportedException>(() => CheckpointTypes.FromScalarType(scalar));
    }
}
