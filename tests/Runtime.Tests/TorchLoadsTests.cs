using TorchSharp;

namespace Lanyard.Tests;

public class TorchLoadsTests
{
    [Fact]
    public void A_tensor_can_be_made_and_added_to()
    {
        using var sum = torch.ones(3) + 1;

        Assert.Equal([2f, 2f, 2f], sum.data<float>().ToArray());
    }
}
