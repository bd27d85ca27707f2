using Lanyard.Models.Layers;
using Lanyard.Models.Llama4;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Llama4;

public class NormalisationTests
{
    [Fact]
    public void Each_row_is_divided_by_its_root_mean_square()
    {
        using var scope = NewDisposeScope();
        float[] values = [3, -1, 0.5f, 2, 0, 0.001f];
        float[] weights = [1, 2, -0.5f];

        var normed = Normalisation.Rms(tensor(values).view(2, 3), tensor(weights), 0.01).data<float>().ToArray();

        for (var i = 0; i < values.Length; i++)
        {
            var mean = values.Skip(i / 3 * 3).Take(3).Average(value => (double)value * value);
            Assert.Equal(values[i] / Math.Sqrt(mean + 0.01) * weights[i % 3], normed[i], 1e-5);
        }
    }

    [Fact]
    public void Half_precision_is_widened_for_the_mean()
    {
        using var scope = NewDisposeScope();
        // The square of this overflows float16.
        var large = full(1, 4, 1000, dtype: ScalarType.Float16);

        var normed = Normalisation.Rms(large, 1e-5);

        Assert.Equal(ScalarType.Float16, normed.dtype);
        Assert.Equal(1, normed[0, 0].ToSingle(), 1e-3);
    }
}
